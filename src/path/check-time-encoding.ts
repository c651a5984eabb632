import { contextTag, DerReader, TAG } from '../x509/der.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** RFC 5280 §4.1.2.5: dates through 2049 MUST be UTCTime. Held against notAfter, whose century is what two digits
 *  could get wrong; a notBefore written as GeneralizedTime is one of those that "applications MUST be able to
 *  process" (NIST PKITS 4.2.4). */
export function checkTimeEncoding({ certificate }: PathCertificate): Refusal | null {
  const { notAfter } = certificate.validity;
  if (notAfter.getUTCFullYear() >= 2050 || notAfterTag(certificate.tbs) === TAG.utcTime) return null;
  return refusal('time-encoding-invalid', `notAfter ${notAfter.toISOString()} is a GeneralizedTime`);
}

function notAfterTag(tbs: Uint8Array): number {
  const reader = new DerReader(tbs).enter(TAG.sequence);
  if (reader.nextIs(contextTag(0, true))) reader.element();
  reader.element(TAG.integer);
  reader.element(TAG.sequence);
  reader.element(TAG.sequence);
  const validity = reader.enter(TAG.sequence);
  validity.element();
  return validity.peek();
}
