import { opensslGroup } from '../../policy/openssl-group.js';
import type { Policy } from '../../policy/policy.js';
import { groupName } from '../../tls/group.js';
import type { Check } from '../check.js';
import { underPolicy } from '../policy-finding.js';
import { judgeOffers } from '../policy-offers.js';
import type { Scan } from '../scan.js';

export const policyGroups: Check = {
  id: 'policy-groups',
  title: 'Agrees on keys in the named groups of the policy, and in no other',
  severity: 'high',
  citation: 'RFC 8446 §4.2.7',
  remediation:
    'nginx: ssl_ecdh_curve; Apache: SSLOpenSSLConfCmd Groups; HAProxy: curves, with what the policy allows.',
  run: (observations) => underPolicy(observations, (policy) => judge(observations.scan, policy), remedy),
};

function judge(scan: Scan, policy: Policy) {
  return judgeOffers(scan, policy, {
    offers: scan.groups,
    what: 'groups',
    nameOf: groupName,
    allowedIn: () => [...policy.groups, ...policy.alsoAcceptable.groups],
    oneOf: policy.groups,
  });
}

function remedy({ groups }: Policy): string {
  const list = groups.map(opensslGroup).join(':');
  return `nginx: ssl_ecdh_curve ${list}; Apache: SSLOpenSSLConfCmd Groups ${list}; HAProxy: curves ${list}.`;
}
