import { verifySignature } from '../keys/verify-signature.js';
import { keyWeakness } from '../policy/key-strength.js';
import { type Certificate, isSelfIssued } from '../x509/certificate.js';
import type { CertificateRequest } from '../x509/certificate-request.js';
import { describeKey } from '../x509/subject-public-key-info.js';
import type { LintReport } from './lint-certificate.js';

/** What is wrong with a request: a signature that its own key did not make, a weak key. */
export function requestFindings(request: CertificateRequest): LintReport[] {
  const verdict = verifySignature({
    subjectPublicKeyInfo: request.subjectPublicKeyInfo,
    algorithm: request.signatureAlgorithm,
    data: request.info,
    signature: request.signatureValue,
  });
  const weakness = keyWeakness(describeKey(request.subjectPublicKeyInfo));
  return [
    ...(verdict === 'valid' ? [] : [{ ...SIGNATURE, evidence: `signature ${verdict}` }]),
    ...(weakness === null ? [] : [{ ...KEY, evidence: weakness.message }]),
  ];
}

/** Whether a certificate's own key signed it. */
export function checkSelfSigned(certificate: Certificate): boolean {
  const {
    subjectPublicKeyInfo,
    signatureAlgorithm: algorithm,
    tbs: data,
    signatureValue: signature,
  } = certificate;
  return (
    isSelfIssued(certificate) &&
    verifySignature({ subjectPublicKeyInfo, algorithm, data, signature }) === 'valid'
  );
}

const SIGNATURE = {
  id: 'signature-is-valid',
  title: 'Is signed by the key that it is for',
  severity: 'critical',
  citation: 'RFC 2986 §4.2',
  status: 'fail',
} as const;

const KEY = {
  id: 'key-is-strong',
  title: 'Has a public key that is strong enough',
  severity: 'high',
  citation: 'NIST SP 800-57 part 1 rev. 5, table 2; RFC 9325 §4.5',
  status: 'fail',
} as const;
