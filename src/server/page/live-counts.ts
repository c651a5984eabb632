import { REFUSALS, type RefusalReason } from '../../path/path-result.js';
import type { ClientRefusalCode, ServerRefusalCode } from '../server-event.js';

/** What a running server has counted since it started, as the page shows it. Nothing in it says who was refused: whoever may
 *  see the page learns why, not whom. */
export interface LiveCounts {
  /** All that came to an end, refused clients and resumed sessions included. */
  readonly handshakes: number;
  readonly resumed: number;
  readonly openConnections: number;
  readonly requests: number;
  readonly refused: number;
  /** The most frequent first. */
  readonly refusals: readonly RefusalCount[];
}

export interface RefusalCount {
  readonly code: ClientRefusalCode;
  /** What is wrong, in a few words. */
  readonly title: string;
  readonly count: number;
  /** What helped whoever was refused last. */
  readonly fix: string;
  readonly lastAt: string;
}

/** What a refusal says in a few words, whoever it met. */
export function refusalTitle(code: ClientRefusalCode): string {
  return SERVER_TITLES[code as ServerRefusalCode] ?? REFUSALS[code as RefusalReason].title;
}

/** Of what only a server meets. */
export const SERVER_TITLES: Readonly<Record<ServerRefusalCode, string>> = {
  'no-certificate': 'No client certificate was presented',
  'not-authorized-by-tls': 'OpenSSL does not accept the certificate',
  'tls-handshake-failed': 'The TLS handshake failed',
  'tls-handshake-timeout': 'The TLS handshake took too long',
  'not-tls': 'Plain HTTP on a TLS port',
  'store-unavailable': 'The store could not be asked',
  'rate-limited': 'Too many requests in too short a time',
  'not-allowed': 'No rule lets this identity do that',
  'host-ambiguous': 'There is not one Host field',
  'expectation-unknown': 'More is expected than 100-continue',
  'path-ambiguous': 'The path can be read in two ways',
  'invalid-input': 'The request is not what the schema wants',
  'invalid-json': 'The body is not JSON that is taken here',
  'body-too-large': 'The body is too large',
  'media-type-unknown': 'The body is not JSON by its Content-Type',
  'bad-request': 'The request is wrong',
  'internal-error': 'The server failed',
  'malformed-http': 'What was sent is no HTTP/1.1',
  'no-tunnel': 'A tunnel was asked for, and this is no proxy',
  'headers-too-large': 'The header fields are too large',
  'request-too-slow': 'The request did not come in time',
  'answer-not-read': 'The client does not read what it asked for',
  renegotiation: 'A second handshake in a connection is not taken',
  'too-many-connections': 'Too many connections at once',
};
