import type { Policy } from '../../policy/policy.js';
import { signatureSchemeName } from '../../tls/signature-scheme.js';
import type { Check } from '../check.js';
import { underPolicy } from '../policy-finding.js';
import { judgeOffers } from '../policy-offers.js';
import type { Scan } from '../scan.js';

export const policySignatureSchemes: Check = {
  id: 'policy-signature-schemes',
  title: 'Signs handshakes by no scheme that the policy does not allow',
  severity: 'high',
  citation: 'RFC 8446 §4.2.3',
  remediation:
    'nginx: ssl_conf_command SignatureAlgorithms; Apache: SSLOpenSSLConfCmd SignatureAlgorithms; HAProxy: sigalgs.',
  run: (observations) => underPolicy(observations, (policy) => judge(observations.scan, policy), remedy),
};

function judge(scan: Scan, policy: Policy) {
  const { title, signatureSchemes } = policy;
  if (signatureSchemes === null) return `${title} leaves signature schemes open`;
  return judgeOffers(scan, policy, {
    offers: scan.signatureSchemes,
    what: 'signature schemes',
    nameOf: signatureSchemeName,
    allowedIn: () => signatureSchemes,
    oneOf: [],
  });
}

/** OpenSSL writes the schemes that only TLS 1.2 has another way; nobody needs them. */
function remedy({ signatureSchemes }: Policy): string {
  const list = (signatureSchemes ?? []).filter((name) => !name.endsWith('_sha224')).join(':');
  return `nginx: ssl_conf_command SignatureAlgorithms ${list}; Apache: SSLOpenSSLConfCmd SignatureAlgorithms and HAProxy: sigalgs, with the same list.`;
}
