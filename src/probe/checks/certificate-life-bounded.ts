import { isoSeconds } from '../../x509/whole-seconds.js';
import { type Check, fail, notApplicable, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** Browsers refuse certificates of public CAs that live longer than the rule of their day allowed, and some of them
 *  those of any other CA over 825 days. */
export const certificateLifeBounded: Check = {
  id: 'certificate-life-bounded',
  title: 'Shows a certificate that does not live too long',
  severity: 'low',
  citation: 'CWE-324; CA/Browser Forum BR §6.3.2',
  remediation: 'Issue certificates for a year or less, and have a timer renew them.',
  run: (observations) =>
    eachChain(observations, ({ trust, isPublic }, { validity }) => {
      if (trust.kind !== 'trusted') return notApplicable('the chain leads to no anchor, public or not');
      const days = (validity.notAfter.getTime() - validity.notBefore.getTime()) / DAY_MS;
      const limit = isPublic ? publicLimit(validity.notBefore) : PRIVATE_DAYS;
      const evidence = `${Math.round(days)} days from ${isoSeconds(validity.notBefore)} on`;
      const whose = `where the root is ${isPublic ? 'public' : 'not public'}`;
      return days > limit
        ? fail(`${evidence}, over ${limit} ${whose}`)
        : pass(`${evidence}, of ${limit} ${whose}`);
    }),
};

/** The most days of a certificate that a public CA issued on that day. */
function publicLimit(issued: Date): number {
  return PUBLIC_DAYS.find(([since]) => issued.getTime() >= Date.parse(since))?.[1] ?? PRIVATE_DAYS;
}

/** BR §6.3.2 as ballots SC-31 and SC-081v3 have it, newest first. */
const PUBLIC_DAYS: ReadonlyArray<readonly [string, number]> = [
  ['2029-03-15T00:00:00Z', 47],
  ['2027-03-15T00:00:00Z', 100],
  ['2026-03-15T00:00:00Z', 200],
  ['2020-09-01T00:00:00Z', 398],
];
const PRIVATE_DAYS = 825;
const DAY_MS = 24 * 60 * 60 * 1000;
