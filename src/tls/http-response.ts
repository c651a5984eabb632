/** An answer to one HTTP/1.1 request, as far as it came. */
export interface HttpAnswer {
  /** 200 to 999; interim answers (1xx) are passed over. */
  readonly status: number;
  /** Names in lower case; several of one name joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 64 KiB, transfer coding undone. */
  readonly body: Uint8Array;
  /** Text of the HTML title element; null where there is none. */
  readonly title: string | null;
  /** Whether the body was all there, and not longer than we take. */
  readonly whole: boolean;
}

/** Octets of a body that are kept. */
export const MAX_BODY_BYTES = 65_536;

/** What will come after the octets that are here: more; nothing, for the peer has closed; nothing, for it broke off. */
export type Rest = 'more' | 'closed' | 'broken';

/** Reads an HTTP/1.1 response, RFC 9112: `incomplete` while more has to come, `not-http` for what can't become one.
 *  @param bytes all that came so far
 *  @param rest a body without a length is whole once the peer has closed; where nothing more comes, what is there is told */
export function readHttpResponse(bytes: Uint8Array, rest: Rest): HttpAnswer | 'incomplete' | 'not-http' {
  const ended = rest !== 'more';
  const text = Buffer.from(bytes.subarray(0, MAX_HEAD_BYTES)).toString('latin1');
  if (!text.startsWith(VERSION)) return VERSION.startsWith(text) && !ended ? 'incomplete' : 'not-http';
  const headEnd = HEAD_END.exec(text);
  if (headEnd === null) return ended || bytes.length >= MAX_HEAD_BYTES ? 'not-http' : 'incomplete';
  const [statusLine = '', ...fields] = text.slice(0, headEnd.index).split(/\r?\n/);
  const status = Number(STATUS_LINE.exec(statusLine)?.[1]);
  if (!(status >= 100)) return 'not-http';
  const content = bytes.subarray(headEnd.index + headEnd[0].length);
  if (status < 200) return readHttpResponse(content, rest);
  const headers = headerFields(fields);
  const { body, whole } = readBody(status, headers, content, rest);
  if (!whole && !ended && body.length < MAX_BODY_BYTES) return 'incomplete';
  return { status, headers, body, title: titleOf(body), whole };
}

interface Body {
  readonly body: Uint8Array;
  readonly whole: boolean;
}

/** RFC 9112 §6.3, in its order. */
function readBody(
  status: number,
  headers: Readonly<Record<string, string>>,
  content: Uint8Array,
  rest: Rest,
): Body {
  if (status === 204 || status === 304) return { body: new Uint8Array(), whole: true };
  if (/\bchunked\b/i.test(headers['transfer-encoding'] ?? '')) return readChunks(content);
  const length = headers['content-length'];
  const isUnknown = length === undefined || !/^\d+$/.test(length);
  const available = isUnknown ? content : content.subarray(0, Number(length));
  const body = available.subarray(0, MAX_BODY_BYTES);
  const isAllThere = isUnknown ? rest === 'closed' : available.length === Number(length);
  return { body, whole: isAllThere && body.length === available.length };
}

/** RFC 9112 §7.1; what breaks the coding ends the body where it breaks. */
function readChunks(coded: Uint8Array): Body {
  const parts: Uint8Array[] = [];
  let length = 0;
  let offset = 0;
  while (length < MAX_BODY_BYTES) {
    const line = /^([0-9a-f]{1,8})[^\r\n]*\r?\n/i.exec(
      Buffer.from(coded.subarray(offset, offset + 1024)).toString('latin1'),
    );
    if (line === null) break;
    const size = Number.parseInt(line[1]!, 16);
    if (size === 0) return { body: Buffer.concat(parts), whole: true };
    const start = offset + line[0].length;
    const chunk = coded.subarray(start, Math.min(start + size, start + MAX_BODY_BYTES - length));
    parts.push(chunk);
    length += chunk.length;
    offset = start + size + 2;
    if (chunk.length < size) break;
  }
  return { body: Buffer.concat(parts), whole: false };
}

function headerFields(lines: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}

/** Text of the title element of an HTML page; null where there is none. */
export function titleOf(body: Uint8Array): string | null {
  const [, title] = /<title[^>]*>([^<]*)/i.exec(Buffer.from(body).toString('utf8')) ?? [];
  return title?.trim().replace(/\s+/g, ' ') ?? null;
}

const VERSION = 'HTTP/1.';
const STATUS_LINE = /^HTTP\/1\.\d (\d{3})(?:$|\s)/;
const HEAD_END = /\r?\n\r?\n/;
const MAX_HEAD_BYTES = 65_536;
