import { POLICY_PROTOCOLS, type Policy } from '../../policy/policy.js';
import { TLS_VERSIONS, type TlsVersion } from '../../tls/version.js';
import type { Check } from '../check.js';
import { type PolicyJudgement, underPolicy } from '../policy-finding.js';
import type { Scan } from '../scan.js';

export const policyProtocols: Check = {
  id: 'policy-protocols',
  title: 'Offers the protocol versions that the policy requires, and none that it does not allow',
  severity: 'high',
  citation: 'RFC 9325 §3.1',
  remediation:
    'nginx: ssl_protocols; Apache: SSLProtocol; HAProxy: ssl-min-ver, with what the policy allows.',
  run: (observations) => underPolicy(observations, (policy) => judge(observations.scan, policy), remedy),
};

function judge({ protocols }: Scan, policy: Policy): PolicyJudgement {
  const { protocols: allowed, requiredProtocols } = policy;
  const isAllowed = (version: TlsVersion) => allowed.some((one) => one === version);
  const unknown = TLS_VERSIONS.flatMap((version) => {
    const { why } = protocols[version];
    const matters = !isAllowed(version) || requiredProtocols.some((one) => one === version);
    return why !== null && matters ? [`${version}: ${why}`] : [];
  });
  const offered = TLS_VERSIONS.filter((version) => protocols[version].value === true);
  return {
    outside: offered.filter((version) => !isAllowed(version)).map((version) => `offers ${version}`),
    missing: requiredProtocols.filter((version) => protocols[version].value === false),
    unknown,
    within: offered.join(', '),
  };
}

function remedy({ protocols }: Policy): string {
  const oldest = POLICY_PROTOCOLS.find((version) => protocols.includes(version));
  const apache = protocols.map((version) => `+${version}`).join(' ');
  return `nginx: ssl_protocols ${protocols.join(' ')}; Apache: SSLProtocol -all ${apache}; HAProxy: ssl-min-ver ${oldest}.`;
}
