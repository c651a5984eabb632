import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

/** EXPORT suites with DES of 40 bits are another check’s. */
export const offersNoSingleDesSuites: Check = {
  id: 'offers-no-single-des-suites',
  title: 'Offers no suite with single DES',
  severity: 'high',
  citation: 'RFC 9325 §4.1; RFC 5469 §2',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, (suite) => !suite.export && suite.encryption.startsWith('DES')),
};
