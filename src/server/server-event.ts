import type { RefusalReason } from '../path/path-result.js';

/** Why a client is not let in, or a request not answered. Those of path validation, and what only a server meets. */
export type ClientRefusalCode = RefusalReason | ServerRefusalCode;

export type ServerRefusalCode =
  | 'no-certificate'
  | 'not-authorized-by-tls'
  | 'tls-handshake-failed'
  | 'tls-handshake-timeout'
  | 'not-tls'
  | 'store-unavailable'
  | 'rate-limited'
  | 'not-allowed'
  | 'host-ambiguous'
  | 'expectation-unknown'
  | 'path-ambiguous'
  | 'invalid-input'
  | 'invalid-json'
  | 'body-too-large'
  | 'media-type-unknown'
  | 'bad-request'
  | 'internal-error'
  | 'malformed-http'
  | 'no-tunnel'
  | 'headers-too-large'
  | 'request-too-slow'
  | 'answer-not-read'
  | 'renegotiation'
  | 'too-many-connections';

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
export type ServerEvent =
  | RefusedEvent
  | RefusedMoreEvent
  | ReloadedEvent
  | KeptEvent
  | PublicFaultEvent
  | StoppingEvent;

export interface RefusedEvent extends ClientRefusal {
  readonly kind: 'refused';
  readonly at: Date;
  /** `address:port` of the client; null where Node does not tell it any more. */
  readonly client: string | null;
  /** When it was found: while connecting, with a request, on a connection that lay open, or with a request to `--public-listen`. */
  readonly during: 'handshake' | 'request' | 'open connection' | 'public request';
}

/** So many more were refused for the same reason, within a second, than the log has lines for. */
export interface RefusedMoreEvent {
  readonly kind: 'refused-more';
  readonly at: Date;
  readonly code: ClientRefusalCode;
  readonly count: number;
  readonly message: string;
}

/** The server takes no more connections, and ends once the open requests are answered. */
export interface StoppingEvent {
  readonly kind: 'stopping';
  readonly at: Date;
  readonly openConnections: number;
}

/** What a server reads anew while it runs. */
export type Reloadable = 'access rules' | 'server certificate' | 'certificate authority';

/** What is in force from now on, without a connection lost. */
export interface ReloadedEvent {
  readonly kind: 'reloaded';
  readonly at: Date;
  readonly what: Reloadable;
  readonly message: string;
}

/** A file changed and is not good: what was in force still is. */
export interface KeptEvent {
  readonly kind: 'kept';
  readonly at: Date;
  readonly what: Reloadable;
  readonly message: string;
  readonly fix: string;
}

/** Something that `--public-listen` gives everybody is not as it should be. */
export interface PublicFaultEvent {
  readonly kind: 'public';
  readonly at: Date;
  /** As it is asked for, such as `/root.crl`. */
  readonly path: string;
  readonly message: string;
  readonly fix: string;
}

/** One line for people, whatever others have put into it. Whoever prints it takes out what could steer a terminal. */
export function serverEventLine(event: ServerEvent): string {
  return lineOf(event).replace(LINE_END, ' ');
}

/** The same as an object of one JSON line. */
export function serverEventJson(event: ServerEvent): Readonly<Record<string, unknown>> {
  return { schemaVersion: 1, ...event, at: event.at.toISOString() };
}

function lineOf(event: ServerEvent): string {
  switch (event.kind) {
    case 'refused': {
      const whose = event.subject === null ? '' : ` ${event.subject} serial ${event.serialNumber}`;
      return `refused ${event.client ?? 'a client'}: ${event.message} (${event.code})${whose}; fix: ${event.fix}`;
    }
    case 'refused-more':
      return `refused ${event.count} more like it in the last second: ${event.message} (${event.code})`;
    case 'reloaded':
      return `reloaded the ${event.what}: ${event.message}`;
    case 'kept':
      return `kept the ${event.what} of before: ${event.message}; fix: ${event.fix}`;
    case 'stopping':
      return `stopping: no more connections, ${event.openConnections} open to be ended`;
    case 'public':
      return `public ${event.path}: ${event.message}; fix: ${event.fix}`;
  }
}

const LINE_END = /[\r\n\u0085\u2028\u2029]+/g;
