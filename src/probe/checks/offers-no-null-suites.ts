import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const offersNoNullSuites: Check = {
  id: 'offers-no-null-suites',
  title: 'Offers no suite without encryption',
  severity: 'critical',
  citation: 'RFC 9325 §4.1',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, ({ encryption }) => /^NULL/.test(encryption)),
};
