import { CONFIG_LEVELS } from '../policy/policies.js';
import type { Policy } from '../policy/policy.js';
import { type Finding, fail, inconclusive, notApplicable, pass } from './check.js';
import type { Observations } from './observations.js';

/** What an endpoint is against one rule of a policy. */
export interface PolicyJudgement {
  /** What it does that the policy does not allow, each as the rest of a sentence. */
  readonly outside: readonly string[];
  /** What the policy requires and it does not do. */
  readonly missing: readonly string[];
  /** Why something that could be outside was not told. */
  readonly unknown: readonly string[];
  /** What was looked at, where all of it is within. */
  readonly within: string;
}

/** The finding of a check that an endpoint keeps to the policy that was asked for. It cites that policy, and its remedy is
 *  what that policy wants.
 *  @param judge gives in words why the policy has no such rule, or nothing there is to judge
 *  @param remedy lines for the servers' own configurations */
export function underPolicy(
  { policy }: Pick<Observations, 'policy'>,
  judge: (policy: Policy) => PolicyJudgement | string,
  remedy: (policy: Policy) => string,
): Finding {
  if (!policy) return notApplicable('no policy was asked for (--policy)');
  const { title, version, source } = policy;
  return {
    ...verdictOn(judge(policy), policy),
    citation: `${title} ${version}, ${source}`,
    remediation: `${byCommand(policy)}${remedy(policy)}`,
  };
}

function verdictOn(judgement: PolicyJudgement | string, { title }: Policy): Finding {
  if (typeof judgement === 'string') return notApplicable(judgement);
  const { outside, missing, unknown, within } = judgement;
  const against = [
    ...(outside.length > 0 ? [`outside of ${title}: ${outside.join('; ')}`] : []),
    ...(missing.length > 0 ? [`${title} requires: ${missing.join('; ')}`] : []),
  ];
  if (against.length > 0) return fail(against.join('; '));
  return unknown.length > 0 ? inconclusive(unknown.join('; ')) : pass(within);
}

/** Configurations are written at the levels of Mozilla's guideline. */
function byCommand({ id }: Policy): string {
  return CONFIG_LEVELS.some((level) => level === id)
    ? `\`sslapi config nginx --level ${id}\` writes the whole; by hand: `
    : '';
}
