import { type Finding, fail, inconclusive, pass } from './check.js';
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
