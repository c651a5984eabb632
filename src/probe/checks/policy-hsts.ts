import type { Policy } from '../../policy/policy.js';
import type { Check } from '../check.js';
import { hstsMaxAge } from '../hsts-max-age.js';
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
  const pages = http.answers.map(({ path, answer }) => {
    const field = answer.headers['strict-transport-security'];
    return { path, answer, maxAge: field === undefined ? null : hstsMaxAge(field), field };
  });
  const without = pages.filter(({ maxAge }) => maxAge === null);
  const refusals = without.filter(({ answer, field }) => field === undefined && answer.status >= 400);
  const wanting = without.filter((page) => !refusals.includes(page));
  return {
    outside: pages.flatMap(({ path, maxAge }) =>
      maxAge !== null && maxAge < least ? [`${path} has max-age=${maxAge}, less than ${least}`] : [],
    ),
    missing: wanting.map(
      ({ path }) => `Strict-Transport-Security: max-age=${least}, and ${path} has none that counts`,
    ),
    unknown: [
      ...(pages.length === 0
        ? ['nothing was answered by HTTP; a client certificate may help (--client)']
        : []),
      ...refusals.map(
        ({ path, answer }) => `${path}: HTTP ${answer.status} has none, and others may have it`,
      ),
    ],
    within: pages.map(({ path, maxAge }) => `${path} has max-age=${maxAge}`).join('; '),
  };
}

function remedy({ hstsMaxAgeSeconds }: Policy): string {
  const value = `"max-age=${hstsMaxAgeSeconds ?? 0}"`;
  return `nginx: add_header Strict-Transport-Security ${value} always; Apache: Header always set Strict-Transport-Security ${value}; HAProxy: http-response set-header Strict-Transport-Security ${value}.`;
}
