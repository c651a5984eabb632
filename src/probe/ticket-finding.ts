import { type Finding, fail, inconclusive, notApplicable, pass } from './check.js';
import type { Scan } from './scan.js';

/** The finding of a check on how long tickets live; exactly so many days is no longer than that. */
export function ticketsLiveAtMost({ sessions }: Scan, days: number): Finding {
  const { value, why } = sessions.ticketLifetimeSeconds;
  if (value === null) return inconclusive(why);
  if (value === 0) return notApplicable('gives no ticket');
  const evidence = `${value} seconds at the longest`;
  return value > days * SECONDS_A_DAY ? fail(evidence) : pass(evidence);
}

const SECONDS_A_DAY = 86_400;
