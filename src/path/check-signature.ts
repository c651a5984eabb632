import { signatureHash, verifySignature } from '../keys/verify-signature.js';
import { hashWeakness } from '../policy/key-strength.js';
import { oidName } from '../x509/oid.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** The algorithm that a certificate is signed with: a hash that still stands. The digest alone, no key needed. */
export function checkSignatureAlgorithm({ certificate }: PathCertificate): Refusal | null {
  const hash = signatureHash(certificate.signatureAlgorithm);
  const weakness = hash === null ? null : hashWeakness(hash);
  return weakness === null ? null : refusal('weak-hash', weakness.message);
}

/** RFC 5280 §6.1.3 (a)(1). A pair of certificates is checked once, however many paths run through it. */
export function checkSignature(subject: PathCertificate, issuer: PathCertificate): Refusal | null {
  const known = subject.signedBy.get(issuer.publicKey);
  if (known !== undefined) return known;
  const found = verifyOnce(subject, issuer);
  if (subject.signedBy.size >= MAX_REMEMBERED) subject.signedBy.clear();
  subject.signedBy.set(issuer.publicKey, found);
  return found;
}

function verifyOnce({ certificate }: PathCertificate, issuer: PathCertificate): Refusal | null {
  const verdict = verifySignature({
    subjectPublicKeyInfo: issuer.certificate.subjectPublicKeyInfo,
    algorithm: certificate.signatureAlgorithm,
    data: certificate.tbs,
    signature: certificate.signatureValue,
  });
  const algorithm = oidName(certificate.signatureAlgorithm.algorithm);
  switch (verdict) {
    case 'valid':
      return null;
    case 'invalid':
      return refusal('signature-invalid', `the ${algorithm} signature does not fit the issuer's key`);
    case 'unsupported-algorithm':
      return refusal('signature-algorithm-unknown', `signatures by ${algorithm} cannot be checked here`);
    case 'parameters-invalid':
      return refusal(
        'signature-algorithm-unknown',
        `the parameters of ${algorithm} are not what they must be`,
      );
    case 'key-unreadable':
      return refusal('public-key-invalid', "the issuer's key cannot be read");
  }
}

const MAX_REMEMBERED = 128;
