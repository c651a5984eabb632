import { SslapiError } from '../errors.js';
import { formatProbeTarget, type ProbeTarget } from './probe-target.js';

/** A header field to send with every request. */
export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** A GET request, RFC 9112 §3; Host is the name that the server is called by.
 *  @param path origin-form, checked by `parsePath` */
export function getRequest(
  { port }: ProbeTarget,
  host: string,
  path: string,
  headers: readonly HeaderField[] = [],
): Uint8Array {
  const own: readonly HeaderField[] = [
    { name: 'Host', value: formatProbeTarget({ host, port }) },
    { name: 'User-Agent', value: 'sslapi-probe' },
    { name: 'Accept', value: '*/*' },
    { name: 'Connection', value: 'close' },
  ];
  const given = new Set(headers.map(({ name }) => name.toLowerCase()));
  const fields = [...own.filter(({ name }) => !given.has(name.toLowerCase())), ...headers];
  const lines = fields.map(({ name, value }) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1');
}

/** The same request with these fields instead of those of their names; without a field where the value is null. */
export function requestWith(
  request: Uint8Array,
  fields: ReadonlyArray<readonly [name: string, value: string | null]>,
): Uint8Array {
  const [requestLine = '', ...lines] = Buffer.from(request).toString('latin1').trimEnd().split('\r\n');
  const changed = new Set(fields.map(([name]) => name.toLowerCase()));
  const kept = lines.filter((line) => !changed.has(line.slice(0, line.indexOf(':')).toLowerCase()));
  const added = fields.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
  return Buffer.from(`${[requestLine, ...kept, ...added].join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Reads a path with its query, RFC 9112 §3.2.1. @throws SslapiError ERR_USAGE */
export function parsePath(text: string): string {
  if (/^\/[\x21-\x7e]*$/.test(text)) return text;
  throw new SslapiError('ERR_USAGE', `"${text}" is no path`, {
    hint: 'Write it as /api/items?page=1, everything but ASCII percent-encoded.',
  });
}

/** Reads header fields, one a line; empty lines and those with a # in front count for nothing. @throws SslapiError ERR_USAGE */
export function parseHeaderFields(text: string): HeaderField[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line, index) => {
      const [, name, value] =
        /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x20-\x7e\x80-\xff\t]*)$/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) return { name, value: value.trimEnd() };
      // the line itself may hold a secret, and is not shown
      throw new SslapiError('ERR_USAGE', `header field ${index + 1} of the file is none`, {
        hint: 'Write one field a line: Authorization: Bearer …',
      });
    });
}
