import { type Check, inconclusive, notApplicable } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';
import { notSpoken } from '../version-finding.js';

/** Its appendix A lists them: all that are not both ephemeral and AEAD. */
export const offersNoSuitesThatH2Prohibits: Check = {
  id: 'offers-no-suites-that-h2-prohibits',
  title: 'Offers no suite in TLS 1.2 that HTTP/2 prohibits, where it agrees on HTTP/2',
  severity: 'info',
  citation: 'RFC 9113 §9.2.2',
  remediation: STRONG_SUITES,
  run({ scan }) {
    const unspoken = notSpoken(scan, ['TLSv1.2']);
    if (unspoken !== null) return unspoken;
    const { value, why } = scan.hello.alpn;
    if (value === null) return inconclusive(why);
    if (!value.includes('h2')) return notApplicable('does not agree on h2');
    return offersNoSuite(
      scan,
      ({ aead, forwardSecret }, version) => version === 'TLSv1.2' && !(aead && forwardSecret),
    );
  },
};
