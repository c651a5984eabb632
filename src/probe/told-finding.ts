import { type Finding, fail, inconclusive, notApplicable, pass } from './check.js';
import type { Observations } from './observations.js';
import type { FaultFinding, Told } from './scan.js';

/** The finding of a check on a yes or no.
 *  @param wanted which of the two is right
 *  @param words what to say of each */
export function toldFinding(
  { value, why }: Told<boolean>,
  wanted: boolean,
  words: { readonly yes: string; readonly no: string },
): Finding {
  if (value === null) return inconclusive(why);
  const evidence = value ? words.yes : words.no;
  return value === wanted ? pass(evidence) : fail(evidence);
}

/** The finding of a check on a fault that was tried for. */
export function faultFinding({ value, why }: Told<FaultFinding>): Finding {
  if (value === null) return inconclusive(why);
  return value.vulnerable ? fail(value.evidence) : pass(value.evidence);
}

/** What to say of a fault that only who gets through a handshake can use, where a client certificate is demanded for that and
 *  so nothing could be told; null anywhere else. */
export function outOfStrangersReach({ clientAuth }: Observations, { why }: Told<unknown>): Finding | null {
  if (why === null || clientAuth.required !== true || clientAuth.enforcedBy !== 'tls') return null;
  return notApplicable(`nobody gets that far without a client certificate: ${why}`);
}
