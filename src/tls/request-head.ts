/** A request without a body, as its octets say it. */
export interface RequestHead {
  readonly method: string;
  /** request-target, origin-form. */
  readonly path: string;
  /** Host; empty where there is none. */
  readonly authority: string;
  /** The other fields, names in lower case, in their order; those of the connection alone are left out (RFC 9113 §8.2.2). */
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
}

/** Reads the head of an HTTP/1.1 request of our own, RFC 9112 §3. */
export function readRequestHead(request: Uint8Array): RequestHead {
  const [requestLine = '', ...lines] = Buffer.from(request).toString('latin1').trimEnd().split('\r\n');
  const [method = 'GET', path = '/'] = requestLine.split(' ');
  const fields = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
  });
  const authority = fields.find(([name]) => name === 'host')?.[1] ?? '';
  return { method, path, authority, fields: fields.filter(([name]) => !OF_THE_CONNECTION.has(name)) };
}

/** The fields by name; several of one name joined as RFC 9110 §5.2 and, for cookies, RFC 9113 §8.2.3 have it. */
export function joinedFields({ fields }: RequestHead): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  for (const [name, value] of fields) {
    const before = joined[name];
    joined[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  return joined;
}

const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'te',
]);
