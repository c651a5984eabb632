import { createHash } from 'node:crypto';
import { algorithmIdentifier } from './algorithm-identifier.js';
import type { Certificate } from './certificate.js';
import { integer, octetString, sequence } from './der.js';
import { OID } from './oid.js';

/** Asks an OCSP responder for the status of one certificate, RFC 6960 §4.1: with SHA-1 in the CertID and without a
 *  nonce or signature, as RFC 5019 §2.1 has it and every responder knows it.
 *  @param issuer whose name and key go into the CertID */
export function encodeOcspRequest(
  { issuer: issuerName, serialNumber }: Pick<Certificate, 'issuer' | 'serialNumber'>,
  { subjectPublicKeyInfo }: Pick<Certificate, 'subjectPublicKeyInfo'>,
): Uint8Array {
  const certId = sequence(
    algorithmIdentifier(OID.sha1, 'null'),
    octetString(sha1(issuerName.der)),
    octetString(sha1(subjectPublicKeyInfo.publicKey)),
    integer(serialNumber),
  );
  const requestList = sequence(sequence(certId));
  return sequence(sequence(requestList));
}

/** No security rests on it: the answer names the certificate the same way, and its signature is what counts. */
function sha1(octets: Uint8Array): Uint8Array {
  return createHash('sha1').update(octets).digest();
}
