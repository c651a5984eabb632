import { DecodeError } from './byte-reader.js';
import type { ClientCredential } from './client-credential.js';
import type { Ending } from './ending.js';
import type { HandshakeMessage } from './handshake.js';
import type { NewSessionTicket } from './new-session-ticket.js';
import type { RecordLayer } from './record-layer.js';
import { concat } from './vector.js';

/** What an exchange sends after the server's flight, to complete the handshake on its own terms. */
export interface ClientFlight {
  /** What to present where the server asks; null answers with an empty Certificate. */
  readonly credential: ClientCredential | null;
  /** Octets to send once the handshake is done, at once in TLS 1.3; none where null. */
  readonly applicationData: Uint8Array | null;
  /** Whether the application data that came is all that was waited for; without it reading goes on to the peer's end. */
  readonly isWhole?: (received: Uint8Array) => boolean;
}

/** What became of the handshake after our own flight. */
export interface Afterwards {
  /** Both Finished messages were sent and right. In TLS 1.3 that says nothing about our certificate: a server judges it after. */
  readonly completed: boolean;
  /** A Certificate went out that was not empty. */
  readonly certificateSent: boolean;
  /** Scheme of our CertificateVerify; null where none went out. */
  readonly signatureScheme: number | null;
  readonly sessionTickets: readonly NewSessionTicket[];
  /** HelloRequests of TLS 1.2, which ask for a renegotiation, and CertificateRequests of TLS 1.3 after the handshake. */
  readonly laterRequests: number;
  /** At most as many octets as the limits let in. */
  readonly applicationData: Uint8Array;
  /** `complete` where `isWhole` said so; `not-read` where the handshake is one that we can't complete. */
  readonly ended: Ending;
}

/** An Afterwards while it is being lived through. */
export type AfterwardsDraft = { -readonly [Field in keyof Afterwards]: Afterwards[Field] };

/** Nothing has been sent yet. */
export function nothingAfterwards(): AfterwardsDraft {
  return {
    completed: false,
    certificateSent: false,
    signatureScheme: null,
    sessionTickets: [],
    laterRequests: 0,
    applicationData: new Uint8Array(),
    ended: { kind: 'not-read' },
  };
}

/** Reads what a server sends once the handshake is done; returns when that is all that was waited for.
 *  @param heed what to do about a handshake message in between */
export async function readApplicationData(
  layer: RecordLayer,
  { isWhole }: ClientFlight,
  afterwards: AfterwardsDraft,
  heed: (message: HandshakeMessage) => void | Promise<void>,
): Promise<void> {
  layer.allowRecords(RECORDS_AFTER_HANDSHAKE);
  for (;;) {
    const incoming = await layer.next();
    if (incoming.kind === 'handshake') {
      await heed(incoming.message);
    } else if (incoming.kind === 'application-data') {
      afterwards.applicationData = concat(afterwards.applicationData, incoming.bytes);
      if (isWhole?.(afterwards.applicationData)) break;
    } else {
      throw new DecodeError(`${incoming.kind} after the handshake`);
    }
  }
  afterwards.ended = { kind: 'complete' };
}

/** The limit on octets is the one that ends an honest peer; this one ends a peer that sends empty records. */
const RECORDS_AFTER_HANDSHAKE = 1_024;
