import type { Policy } from '../../policy/policy.js';
import type { Check } from '../check.js';
import { type PolicyJudgement, underPolicy } from '../policy-finding.js';
import type { Scan } from '../scan.js';

export const policyServerPreference: Check = {
  id: 'policy-server-preference',
  title: 'Chooses the cipher suite by the order that the policy wants: its own, or the client’s',
  severity: 'high',
  citation: 'RFC 9325 §4.2.1',
  remediation:
    'nginx: ssl_prefer_server_ciphers; Apache: SSLHonorCipherOrder; HAProxy: prefer-client-ciphers.',
  run(observations) {
    const finding = underPolicy(observations, (policy) => judge(observations.scan, policy), remedy);
    // Where all suites are good, the client's order is a kindness to its processor and no matter of security.
    return observations.policy?.serverPreference === false ? { ...finding, severity: 'low' } : finding;
  },
};

function judge({ protocols, cipherSuites }: Scan, policy: Policy): PolicyJudgement | string {
  const { serverPreference, title } = policy;
  if (serverPreference === null) return `${title} leaves the order open`;
  const outside: string[] = [];
  const unknown: string[] = [];
  const within: string[] = [];
  for (const version of policy.protocols) {
    const offered = cipherSuites.get(version);
    if (protocols[version].value === false || offered?.ids.length === 1) continue;
    const { value, why } = offered?.serverOrder ?? { value: null, why: protocols[version].why ?? 'not seen' };
    if (value === null) unknown.push(`${version}: ${why}`);
    else (value === serverPreference ? within : outside).push(`${version} has ${orderOf(value)}`);
  }
  if (outside.length + unknown.length + within.length === 0) return 'there is nothing to choose from';
  return { outside, missing: [], unknown, within: within.join('; ') };
}

function orderOf(isServers: boolean): string {
  return isServers ? 'the server’s order' : 'the client’s order';
}

function remedy({ serverPreference }: Policy): string {
  return serverPreference
    ? 'nginx: ssl_prefer_server_ciphers on; Apache: SSLHonorCipherOrder on; HAProxy: without prefer-client-ciphers.'
    : 'nginx: ssl_prefer_server_ciphers off; Apache: SSLHonorCipherOrder off; HAProxy: prefer-client-ciphers.';
}
