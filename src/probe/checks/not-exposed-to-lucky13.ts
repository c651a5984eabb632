import type { Check } from '../check.js';
import { asExposure } from '../exposure-finding.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

/** Encrypt-then-MAC closes it, for the few clients that ask for that. */
export const notExposedToLucky13: Check = {
  id: 'not-exposed-to-lucky13',
  title: 'Leaves no room for Lucky 13: no CBC',
  severity: 'low',
  citation: 'CVE-2013-0169; RFC 9325 §4.2',
  remediation: STRONG_SUITES,
  run: ({ scan }) => asExposure(offersNoSuite(scan, ({ cbc }) => cbc)),
};
