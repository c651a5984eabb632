import type { Check } from '../check.js';
import { asExposure } from '../exposure-finding.js';
import { TODAYS_VERSIONS } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

/** Clients of today split their records and are spared. */
export const notExposedToBeast: Check = {
  id: 'not-exposed-to-beast',
  title: 'Leaves no room for BEAST: no CBC in TLS 1.0 and before',
  severity: 'medium',
  citation: 'CVE-2011-3389; RFC 7457 §2.2',
  remediation: TODAYS_VERSIONS,
  run: ({ scan }) =>
    asExposure(
      offersNoSuite(scan, ({ cbc }, version) => cbc && (version === 'TLSv1' || version === 'SSLv3')),
    ),
};
