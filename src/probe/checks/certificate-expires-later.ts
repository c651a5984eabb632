import { isoSeconds } from '../../x509/whole-seconds.js';
import { type Check, fail, notApplicable, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** A certificate of 90 days is due with 30 to go, a shorter one with a third of its life. */
export const certificateExpiresLater: Check = {
  id: 'certificate-expires-later',
  title: 'Shows a certificate with time to renew it in',
  severity: 'medium',
  citation: 'CWE-298',
  remediation: 'Renew it now, and have that done by a timer.',
  run: (observations) =>
    eachChain(observations, (_chain, { validity: { notBefore, notAfter } }) => {
      const leftMs = notAfter.getTime() - observations.at.getTime();
      if (leftMs < 0) return notApplicable('it has expired');
      const dueMs = Math.min(30 * DAY_MS, (notAfter.getTime() - notBefore.getTime()) / 3);
      const days = Math.floor(leftMs / DAY_MS);
      const evidence = `${days} days left, until ${isoSeconds(notAfter)}`;
      return leftMs < dueMs ? fail(evidence) : pass(evidence);
    }),
};

const DAY_MS = 24 * 60 * 60 * 1000;
