import { sameBytes } from '../x509/der.js';
import { oidName } from '../x509/oid.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** RFC 5280 §4.1.1.2: signatureAlgorithm and the signed copy MUST be the same, parameters included. */
export function checkAlgorithmIdentifier({ certificate }: PathCertificate): Refusal | null {
  const { signature, signatureAlgorithm } = certificate;
  if (sameBytes(signature.der, signatureAlgorithm.der)) return null;
  return refusal(
    'signature-algorithm-mismatch',
    `signed as ${oidName(signature.algorithm)}, labelled as ${oidName(signatureAlgorithm.algorithm)}`,
  );
}
