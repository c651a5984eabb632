import { type Answer, errorAnswer } from './answer.js';
import type { ServerRefusalCode } from './server-event.js';

/** What is wrong with octets that are no request that HTTP knows, and how it is answered. */
export interface HttpFailure {
  readonly code: ServerRefusalCode;
  readonly message: string;
  readonly fix: string;
  readonly answer: Answer;
}

/** Null where the client just went away, or the fault is TLS's own. */
export function httpFailure({ code = '', message }: NodeJS.ErrnoException): HttpFailure | null {
  if (code === 'HPE_HEADER_OVERFLOW')
    return failure(
      431,
      'headers-too-large',
      'the header fields are too large',
      'send fewer, or shorter ones',
    );
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return failure(408, 'request-too-slow', 'the request did not come in time', 'send it at once');
  if (!code.startsWith('HPE_') || code === 'HPE_INVALID_EOF_STATE') return null;
  const what = message.replace(/^Parse Error: /, '');
  return failure(400, 'malformed-http', `this is no HTTP/1.1: ${what}`, 'see what the client sends');
}

function failure(status: number, code: ServerRefusalCode, message: string, fix: string): HttpFailure {
  return { code, message, fix, answer: errorAnswer(status, code, message, fix) };
}
