import { REFUSALS, type RefusalReason } from '../../path/path-result.js';
import type { ClientRefusalCode } from '../server-event.js';

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
  return SERVER_TITLES[code as ServerCode] ?? REFUSALS[code as RefusalReason].title;
}

type ServerCode = Exclude<ClientRefusalCode, RefusalReason>;

/** Of what only a server meets. */
const SERVER_TITLES: Readonly<Record<ServerCode, string>> = {
  'no-certificate': 'No client certificate was presented',
  'not-authorized-by-tls': 'OpenSSL does not accept the certificate',
  'tls-handshake-failed': 'The TLS handshake failed',
  'tls-handshake-timeout': 'The TLS handshake took too long',
  'not-tls': 'Plain HTTP on a TLS port',
  'store-unavailable': 'It could not be told whether the certificate is revoked',
  'rate-limited': 'Too many requests in too short a time',
  'not-allowed': 'No rule lets this identity do that',
};
