import { DecodeError } from './byte-reader.js';

/** How a peer ended a connection, or how we had to. `eof`: it closed, with or without a close_notify alert.
 *  `malformed`: it spoke TLS, but not as the RFC says, or more of it than we take. `complete`: nothing was missing. `not-read`: we went no further, by choice or for want of a key. */
export type Ending =
  | { readonly kind: 'complete' }
  | { readonly kind: 'not-read' }
  | { readonly kind: 'alert'; readonly level: number; readonly alert: number }
  | { readonly kind: 'eof'; readonly closeNotify: boolean }
  | { readonly kind: 'reset' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'malformed'; readonly why: string }
  | NotTls;

/** The peer's first bytes were no TLS record. */
export interface NotTls {
  readonly kind: 'not-tls';
  /** At most 256 octets. */
  readonly firstBytes: Uint8Array;
  /** The protocol that they look like; null where they look like none. */
  readonly protocol: PlainProtocol | null;
}

/** Protocols that are told by their first octets. */
export type PlainProtocol =
  | 'http'
  | 'http2'
  | 'ssh'
  | 'smtp'
  | 'ftp'
  | 'pop3'
  | 'imap'
  | 'mysql'
  | 'postgresql'
  | 'ldap'
  | 'xmpp'
  | 'redis'
  | 'rdp'
  | 'vnc'
  | 'amqp'
  | 'ssl2';

/** Carries an ending up to the outcome that tells it; never leaves this layer. */
export class PeerEnded extends Error {
  override readonly name = 'PeerEnded';
  readonly ending: Ending;

  constructor(ending: Ending) {
    super(ending.kind);
    this.ending = ending;
  }
}

/** What a failure in the reading of a peer comes to; a mistake of our own is thrown again.
 *  @param error whatever was caught */
export function endingOf(error: unknown): Ending {
  if (error instanceof PeerEnded) return error.ending;
  if (error instanceof DecodeError) return { kind: 'malformed', why: error.message };
  throw error;
}
