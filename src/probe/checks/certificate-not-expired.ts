import { formatName } from '../../x509/name.js';
import { isoSeconds, wholeSeconds } from '../../x509/whole-seconds.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';
import { countingOf } from '../judged-chain.js';

/** The certificates of the path count; where there is none, all that were shown. */
export const certificateNotExpired: Check = {
  id: 'certificate-not-expired',
  title: 'Shows no certificate that has expired',
  severity: 'high',
  citation: 'RFC 5280 §4.1.2.5',
  remediation: 'Issue a new certificate, put it in place and reload the server; see that the clock is right.',
  run: (observations) =>
    eachChain(observations, (chain, leaf) => {
      const now = wholeSeconds(observations.at);
      const expired = countingOf(chain).find(({ validity }) => now > validity.notAfter);
      return expired === undefined
        ? pass(`valid until ${isoSeconds(leaf.validity.notAfter)}`)
        : fail(`${formatName(expired.subject)} expired at ${isoSeconds(expired.validity.notAfter)}`);
    }),
};
