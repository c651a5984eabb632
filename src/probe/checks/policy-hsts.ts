import type { Policy } from '../../policy/policy.js';
import type { HttpAnswer } from '../../tls/http-response.js';
import type { Check } from '../check.js';
import type { Observations } from '../observations.js';
import { type PolicyJudgement, underPolicy } from '../policy-finding.js';

export const policyHsts: Check = {
  id: 'policy-hsts',
  title: 'Says by Strict-Transport-Security, for as long as the policy asks, that it is reached by TLS alone',
  severity: 'high',
  citation: 'RFC 6797 §6.1.1',
  remediation: 'nginx: add_header Strict-Transport-Security "max-age=63072000" always;',
  run: (observations) => underPolicy(observations, (policy) => judge(observations, policy), remedy),
};

function judge(observations: Observations, policy: Policy): PolicyJudgement | string {
  const { http, name, starttls } = observations;
  const { hstsMaxAgeSeconds: least, title } = policy;
  if (least === null) return `${title} asks for none`;
  if (starttls !== undefined) return `${starttls.protocol} is not HTTP`;
  if (name.type === 'ip') return 'RFC 6797 counts for names, not for addresses';
  const pages = http.answers.map(({ path, answer }) => ({ path, maxAge: maxAgeOf(answer) }));
  const shorter = pages.flatMap(({ path, maxAge }) =>
    maxAge !== null && maxAge < least ? [`${path} has max-age=${maxAge}, less than ${least}`] : [],
  );
  return {
    outside: shorter,
    missing: pages.flatMap(({ path, maxAge }) =>
      maxAge === null ? [`Strict-Transport-Security: max-age=${least}, and ${path} has none`] : [],
    ),
    unknown: pages.length === 0 ? ['nothing was answered by HTTP'] : [],
    within: pages.map(({ path, maxAge }) => `${path} has max-age=${maxAge}`).join('; '),
  };
}

/** Of several header fields the first counts (RFC 6797 §8.1); without max-age it is none. */
function maxAgeOf({ headers }: HttpAnswer): number | null {
  const [first = ''] = (headers['strict-transport-security'] ?? '').split(',');
  const value = /(?:^|;)\s*max-age\s*=\s*"?(\d{1,15})"?\s*(?:;|$)/i.exec(first)?.[1];
  return value === undefined ? null : Number(value);
}

function remedy({ hstsMaxAgeSeconds }: Policy): string {
  const value = `"max-age=${hstsMaxAgeSeconds ?? 0}"`;
  return `nginx: add_header Strict-Transport-Security ${value} always; Apache: Header always set Strict-Transport-Security ${value}; HAProxy: http-response set-header Strict-Transport-Security ${value}.`;
}
