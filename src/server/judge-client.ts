import type { TLSSocket } from 'node:tls';
import { verifyCertificate } from '../path/verify-certificate.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { DerError } from '../x509/der.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { type ClientAuthority, trustAnchor } from './client-authority.js';
import {
  expiredRefusal,
  NO_CERTIFICATE,
  pathRefusal,
  revokedRefusal,
  serverRefusal,
} from './client-refusal.js';
import type { ClientRefusal } from './server-event.js';

/** A client whose certificate was verified: the only thing that says who it is. */
export interface VerifiedClient {
  readonly leaf: Certificate;
  /** From the leaf up to the CA below the trust anchor; with a single CA the leaf alone. */
  readonly path: readonly Certificate[];
}

export type ClientVerdict =
  | { readonly kind: 'verified'; readonly client: VerifiedClient }
  | { readonly kind: 'refused'; readonly refusal: ClientRefusal };

/** Judges the certificate of a connection whose handshake is done, so that its key is proved to be the client's. Both have to
 *  agree: our own path validation, which gives the reason, and OpenSSL's.
 *  A resumed session still has the client's certificate, without the chain; ours are at hand anyway. */
export async function judgeClient(
  socket: TLSSocket,
  authority: ClientAuthority,
  now: Date,
): Promise<ClientVerdict> {
  const [leaf, ...intermediates] = presentedChain(socket);
  if (leaf === undefined) return refused(NO_CERTIFICATE);
  const verified = verifyCertificate({
    leaf,
    trusted: [trustAnchor(authority).der],
    untrusted: [...intermediates, authority.issuing.parsed.der],
    at: now,
    purpose: 'client',
  });
  if (!verified.ok) return refused(pathRefusal(verified, readable(leaf)));
  const client = { leaf: verified.path[0]!, path: verified.path.slice(0, -1) };
  if (!socket.authorized) return refused(unauthorized(socket, client.leaf));
  const refusal = await standing(client, authority, now);
  return refusal === null ? { kind: 'verified', client } : refused(refusal);
}

/** Whether a client that was verified once is still to be let in: nothing of its path has expired or is revoked. The store
 *  is asked, not a CRL: it knows every revocation the moment it is made, and is never out of date. */
export async function standing(
  { path, leaf }: VerifiedClient,
  authority: ClientAuthority,
  now: Date,
): Promise<ClientRefusal | null> {
  for (const certificate of path) {
    if (certificate.validity.notAfter < now) return expiredRefusal(certificate, leaf);
    const revocation = await authority.revocationOf(serialNumberHex(certificate.serialNumber));
    // 'unknown' is no fault: a proof mints its certificates in memory, and the CA's signature was checked.
    if (revocation !== null && revocation !== 'unknown') return revokedRefusal(certificate, revocation, leaf);
  }
  return null;
}

function presentedChain(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < MAX_PRESENTED) {
    chain.push(next.raw);
    next = next.issuerCertificate;
  }
  return chain;
}

function unauthorized({ authorizationError }: TLSSocket, leaf: Certificate): ClientRefusal {
  const why = authorizationError instanceof Error ? authorizationError.message : String(authorizationError);
  return serverRefusal(
    'not-authorized-by-tls',
    `OpenSSL does not accept the certificate: ${why}`,
    'have one issued by this CA: `sslapi issue-client NAME`',
    leaf,
  );
}

function readable(der: Uint8Array): Certificate | null {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function refused(refusal: ClientRefusal): ClientVerdict {
  return { kind: 'refused', refusal };
}

const MAX_PRESENTED = 16;
