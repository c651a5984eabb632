import type { Policy, PolicyProtocol } from '../../policy/policy.js';
import { cipherSuiteName } from '../../tls/cipher-suite.js';
import type { Check } from '../check.js';
import { underPolicy } from '../policy-finding.js';
import { judgeOffers } from '../policy-offers.js';
import type { Scan } from '../scan.js';

export const policyCipherSuites: Check = {
  id: 'policy-cipher-suites',
  title: 'Offers no cipher suite that the policy does not allow',
  severity: 'high',
  citation: 'RFC 9325 §4.2',
  remediation: 'nginx: ssl_ciphers; Apache: SSLCipherSuite; HAProxy: ciphers, with what the policy allows.',
  run: (observations) => underPolicy(observations, (policy) => judge(observations.scan, policy), remedy),
};

function judge(scan: Scan, policy: Policy) {
  return judgeOffers(scan, policy, {
    offers: scan.cipherSuites,
    what: 'cipher suites',
    nameOf: cipherSuiteName,
    allowedIn: (version) => allowedIn(policy, version),
    oneOf: [],
  });
}

function allowedIn({ cipherSuites, alsoAcceptable }: Policy, version: PolicyProtocol): string[] {
  return [...cipherSuites[version], ...alsoAcceptable.cipherSuites].map(({ name }) => name);
}

function remedy({ protocols, cipherSuites }: Policy): string {
  const of = (version: PolicyProtocol) =>
    cipherSuites[version].map(({ opensslName }) => opensslName).join(':');
  return [
    ...(protocols.includes('TLSv1.2') ? [`for TLS 1.2 nginx: ssl_ciphers ${of('TLSv1.2')}`] : []),
    ...(protocols.includes('TLSv1.3')
      ? [`for TLS 1.3 nginx: ssl_conf_command Ciphersuites ${of('TLSv1.3')}`]
      : []),
    'Apache: SSLCipherSuite; HAProxy: ciphers and ciphersuites, with the same lists.',
  ].join('; ');
}
