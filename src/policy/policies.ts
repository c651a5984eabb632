import { bcp195 } from './bcp195.js';
import { intermediate, modern } from './mozilla.js';
import { nist } from './nist.js';
import type { Policy, PolicyId } from './policy.js';

/** Every policy that ships, in the order that `sslapi policies` shows them. */
export const POLICIES: readonly Policy[] = [modern, intermediate, nist, bcp195];

/** The levels that a server can be configured at: those whose source writes configurations. */
export const CONFIG_LEVELS: readonly ConfigLevel[] = ['modern', 'intermediate'];

export type ConfigLevel = 'modern' | 'intermediate';

/** The policy of that id. */
export function policyOf(id: PolicyId): Policy {
  return { modern, intermediate, nist, bcp195 }[id];
}

/** Whether a policy of that id ships with sslapi. */
export function isPolicyId(id: string | undefined): id is PolicyId {
  return POLICIES.some((policy) => policy.id === id);
}

/** How long ago a policy was last held against its source, in whole days.
 *  @param now the moment to judge at; the caller owns the clock */
export function policyAgeDays({ checked }: Policy, now: Date): number {
  return Math.floor((now.getTime() - Date.parse(checked)) / MILLISECONDS_A_DAY);
}

/** Whether it is time to hold a policy against its source again. */
export function isStale(policy: Policy, now: Date): boolean {
  return policyAgeDays(policy, now) > STALE_AFTER_DAYS;
}

/** A year: guidelines change about as often. */
const STALE_AFTER_DAYS = 365;
const MILLISECONDS_A_DAY = 86_400_000;
