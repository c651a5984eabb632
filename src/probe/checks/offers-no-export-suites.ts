import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const offersNoExportSuites: Check = {
  id: 'offers-no-export-suites',
  title: 'Offers no EXPORT suite',
  severity: 'critical',
  citation: 'RFC 9325 §4.1',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, (suite) => suite.export),
};
