import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const offersNoAnonymousSuites: Check = {
  id: 'offers-no-anonymous-suites',
  title: 'Offers no suite in which the server does not prove who it is',
  severity: 'critical',
  citation: 'RFC 5246 §F.1.1.1; CWE-306',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, ({ anonymous }) => anonymous),
};
