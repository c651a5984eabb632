import type { Place } from './check-certificate.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** Whether a certificate may issue others: RFC 5280 §6.1.4 (k) and (n). One of version 1 or 2 says nothing of it;
 *  as a trust anchor it is known for a CA "through out-of-band means", elsewhere it is none. */
export function checkIssuer({ certificate, extensions }: PathCertificate, place: Place): Refusal | null {
  const { basicConstraints, keyUsage } = extensions;
  if (certificate.version < 3) {
    if (place === 'anchor') return null;
    return refusal('issuer-not-ca', `version ${certificate.version} cannot say that it is a CA`);
  }
  if (!basicConstraints?.ca) {
    return refusal('issuer-not-ca', basicConstraints ? 'basicConstraints without cA' : 'no basicConstraints');
  }
  if (keyUsage !== undefined && !keyUsage.has('keyCertSign')) {
    return refusal('key-cert-sign-missing', `keyUsage has only ${[...keyUsage].join(', ')}`);
  }
  return null;
}
