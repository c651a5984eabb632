import type { Check } from '../check.js';
import { TODAYS_VERSIONS } from '../server-directives.js';
import { offersNoVersion } from '../version-finding.js';

export const offersNoSsl3: Check = {
  id: 'offers-no-ssl-3',
  title: 'Does not offer SSL 3.0',
  severity: 'critical',
  citation: 'RFC 7568 §3',
  remediation: TODAYS_VERSIONS,
  run: ({ scan }) => offersNoVersion(scan, 'SSLv3'),
};
