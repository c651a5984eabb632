import type { Check } from '../check.js';
import { TODAYS_VERSIONS } from '../server-directives.js';
import { offersNoVersion } from '../version-finding.js';

export const offersNoTls10: Check = {
  id: 'offers-no-tls-1-0',
  title: 'Does not offer TLS 1.0',
  severity: 'medium',
  citation: 'RFC 8996 §4',
  remediation: TODAYS_VERSIONS,
  run: ({ scan }) => offersNoVersion(scan, 'TLSv1'),
};
