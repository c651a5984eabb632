import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const offersNoRc4Suites: Check = {
  id: 'offers-no-rc4-suites',
  title: 'Offers no suite with RC4',
  severity: 'high',
  citation: 'RFC 7465 §2',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, ({ encryption }) => encryption.startsWith('RC4')),
};
