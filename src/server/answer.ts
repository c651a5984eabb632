import { STATUS_CODES } from 'node:http';
import type { ClientRefusal } from './server-event.js';

/** What the demo API answers with, where it is not a resource's own. */
export interface Answer {
  readonly status: number;
  /** A text as it is, anything else as JSON. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to somebody who is refused; 403 where no other status says it better. */
export function refusalAnswer({ code, message, fix }: ClientRefusal): Answer {
  if (code === 'store-unavailable') return errorAnswer(503, code, ...STORE_UNAVAILABLE);
  return errorAnswer(STATUS_OF[code] ?? 403, code, message, fix);
}

/** What a client hears of a store that we cannot read: where it lies is for the log alone. */
export const STORE_UNAVAILABLE = [
  'it cannot be told whether a certificate is revoked',
  'whoever runs this server finds the reason in its log',
] as const;

/** An error as every answer of the API tells it. */
export function errorAnswer(
  status: number,
  code: string,
  message: string,
  hint: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, body: { error: { code, message, hint } }, headers };
}

/** The whole answer as octets, for a connection that no HTTP parser sees; it ends the connection. */
export function answerText(answer: Answer): string {
  const body = typeof answer.body === 'string' ? answer.body : bodyText(answer.body);
  const headers = {
    ...FIXED_HEADERS,
    'content-type': JSON_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    ...answer.headers,
    connection: 'close',
  };
  return [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n');
}

/** JSON as people like to read it. */
export function bodyText(body: unknown): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}

/** On every answer. */
export const FIXED_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};
export const JSON_TYPE = 'application/json; charset=utf-8';
const STATUS_OF: Partial<Record<ClientRefusal['code'], number>> = {
  'no-certificate': 401,
  'too-many-connections': 429,
  'host-ambiguous': 400,
  'path-ambiguous': 400,
  'no-tunnel': 501,
  'expectation-unknown': 417,
};
