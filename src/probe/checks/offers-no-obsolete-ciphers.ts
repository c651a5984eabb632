import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const offersNoObsoleteCiphers: Check = {
  id: 'offers-no-obsolete-ciphers',
  title: 'Offers no suite with IDEA, RC2 or SEED',
  severity: 'low',
  citation: 'RFC 5469 §3; CWE-327',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, ({ encryption }) => /^(IDEA|RC2|SEED)/.test(encryption)),
};
