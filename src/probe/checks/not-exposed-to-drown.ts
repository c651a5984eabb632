import type { Check } from '../check.js';
import { asExposure } from '../exposure-finding.js';
import { TODAYS_VERSIONS } from '../server-directives.js';
import { offersNoVersion } from '../version-finding.js';

/** Another server with the same RSA key is enough; that one has to be asked itself. */
export const notExposedToDrown: Check = {
  id: 'not-exposed-to-drown',
  title: 'Leaves no room for DROWN: no SSL 2.0',
  severity: 'critical',
  citation: 'CVE-2016-0800',
  remediation: `Take SSL 2.0 out here, and on every server that has the same key. ${TODAYS_VERSIONS}`,
  run: ({ scan }) => asExposure(offersNoVersion(scan, 'SSLv2')),
};
