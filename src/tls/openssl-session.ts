import { contextTag, DerReader, readInteger, readOctetString, TAG } from '../x509/der.js';

/** What a session of node:tls says about how it can be resumed. */
export interface OpensslSession {
  /** Given by the server where there is no ticket; made up by OpenSSL where there is one. */
  readonly sessionId: Uint8Array;
  /** null where the server gave none. */
  readonly ticket: Uint8Array | null;
  /** ticket_lifetime or ticket_lifetime_hint, in seconds; 0 where the server did not say. */
  readonly ticketLifetimeSeconds: number;
  /** max_early_data_size of TLS 1.3, in octets; 0 where the server takes none. */
  readonly maxEarlyDataSize: number;
}

/** Reads an SSL_SESSION as OpenSSL writes it (i2d_SSL_SESSION, ssl/ssl_asn1.c): node:tls gives sessions in no other form.
 *  @param der from OpenSSL in this process, never from a peer */
export function readOpensslSession(der: Uint8Array): OpensslSession {
  const session = new DerReader(der).enter(TAG.sequence);
  session.element(TAG.integer); // version of the structure
  session.element(TAG.integer); // protocol version
  session.element(TAG.octetString); // cipher
  const sessionId = readOctetString(session);
  session.element(TAG.octetString); // master key
  let [ticket, ticketLifetimeSeconds, maxEarlyDataSize]: [Uint8Array | null, number, number] = [null, 0, 0];
  while (!session.done) {
    const tag = session.peek();
    const field = session.enter(tag);
    if (tag === TICKET_LIFETIME_HINT) ticketLifetimeSeconds = Number(readInteger(field));
    else if (tag === TICKET) ticket = readOctetString(field);
    else if (tag === MAX_EARLY_DATA) maxEarlyDataSize = Number(readInteger(field));
  }
  return { sessionId, ticket, ticketLifetimeSeconds, maxEarlyDataSize };
}

const TICKET_LIFETIME_HINT = contextTag(9, true);
const TICKET = contextTag(10, true);
const MAX_EARLY_DATA = contextTag(15, true);
