import { hashOfSignature, hashWeakness } from '../../policy/key-strength.js';
import { signatureSchemeName } from '../../tls/signature-scheme.js';
import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';

/** Before TLS 1.2 a CertificateRequest does not say, and the hash is MD5 with SHA-1: those versions are a finding of their
 *  own. */
export const clientSignaturesStrong: Check = {
  id: 'client-signatures-strong',
  title: 'Takes no signatures of clients over MD5 or SHA-1',
  severity: 'medium',
  citation: 'RFC 9155 §3; CWE-328',
  remediation:
    'OpenSSL: ClientSignatureAlgorithms (nginx: ssl_conf_command) without SHA1, or security level 2.',
  run({ clientRequests }) {
    if (clientRequests.length === 0) return inconclusive('no handshake got far enough to tell');
    const lists = clientRequests.flatMap(({ version, request }) =>
      request?.signatureSchemes
        ? [{ version, names: request.signatureSchemes.map(signatureSchemeName) }]
        : [],
    );
    if (lists.length === 0) return notApplicable('no CertificateRequest names schemes');
    const weak = lists.flatMap(({ version, names }) => {
      const found = names.filter((name) => isWeak(name));
      return found.length > 0 ? [`${version}: ${found.join(', ')}`] : [];
    });
    return weak.length > 0
      ? fail(weak.join('; '))
      : pass(lists.map(({ version, names }) => `${version}: ${names.length} schemes`).join(', '));
  },
};

function isWeak(scheme: string): boolean {
  const hash = hashOfSignature(scheme);
  return hash !== null && hashWeakness(hash)?.weakness === 'hash-broken';
}
