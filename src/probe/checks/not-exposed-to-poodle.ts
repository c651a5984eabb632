import type { Check } from '../check.js';
import { asExposure } from '../exposure-finding.js';
import { TODAYS_VERSIONS } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const notExposedToPoodle: Check = {
  id: 'not-exposed-to-poodle',
  title: 'Leaves no room for POODLE: no CBC in SSL 3.0',
  severity: 'high',
  citation: 'CVE-2014-3566; RFC 7568 §4',
  remediation: TODAYS_VERSIONS,
  run: ({ scan }) => asExposure(offersNoSuite(scan, ({ cbc }, version) => cbc && version === 'SSLv3')),
};
