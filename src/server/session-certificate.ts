import { contextTag, DerError, DerReader, TAG } from '../x509/der.js';

/** The client's certificate in a TLS session as OpenSSL writes one down (SSL_SESSION, `[3] EXPLICIT Certificate`); null where there
 *  is none, or OpenSSL writes it otherwise one day. It costs a twelfth of what asking for the certificate itself does, which
 *  decodes its key and its issuers anew for each connection. */
export function sessionCertificate(session: Uint8Array | undefined): Uint8Array | null {
  if (session === undefined) return null;
  try {
    const fields = new DerReader(session).enter(TAG.sequence);
    while (!fields.done && !fields.nextIs(PEER)) fields.element();
    return fields.done ? null : fields.contents(PEER);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

const PEER = contextTag(3, true);
