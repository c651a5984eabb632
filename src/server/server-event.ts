import type { RefusalReason } from '../path/path-result.js';

/** Why a client is not let in. Those of path validation, and what only a server meets. */
export type ClientRefusalCode =
  | RefusalReason
  | 'no-certificate'
  | 'not-authorized-by-tls'
  | 'tls-handshake-failed'
  | 'tls-handshake-timeout'
  | 'not-tls'
  | 'store-unavailable'
  | 'rate-limited'
  | 'not-allowed';

/** Why somebody is refused, whose certificate it was, and what helps. */
export interface ClientRefusal {
  readonly code: ClientRefusalCode;
  readonly message: string;
  readonly fix: string;
  /** RFC 4514; null where no certificate is known. */
  readonly subject: string | null;
  /** Lower-case hex; null where no certificate is known. */
  readonly serialNumber: string | null;
}

/** What happens in a running server, for its log. */
export type ServerEvent = RefusedEvent;

export interface RefusedEvent extends ClientRefusal {
  readonly kind: 'refused';
  readonly at: Date;
  /** `address:port` of the client; null where Node does not tell it any more. */
  readonly client: string | null;
  /** When it was found: while connecting, with a request, or on a connection that lay open. */
  readonly during: 'handshake' | 'request' | 'open connection';
}

/** One line for people. Whoever prints it makes it fit for a terminal: subjects are the client's own words. */
export function serverEventLine(event: ServerEvent): string {
  const whose = event.subject === null ? '' : ` ${event.subject} serial ${event.serialNumber}`;
  return `refused ${event.client ?? 'a client'}: ${event.message} (${event.code})${whose}; fix: ${event.fix}`;
}

/** The same as an object of one JSON line. */
export function serverEventJson(event: ServerEvent): Readonly<Record<string, unknown>> {
  return { schemaVersion: 1, ...event, at: event.at.toISOString() };
}
