import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const offersNo3desSuites: Check = {
  id: 'offers-no-3des-suites',
  title: 'Offers no suite with 3DES',
  severity: 'medium',
  citation: 'RFC 9325 §4.1',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, ({ encryption }) => encryption.startsWith('3DES')),
};
