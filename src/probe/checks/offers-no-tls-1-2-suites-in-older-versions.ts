import { versionNumber } from '../../tls/version.js';
import type { Check } from '../check.js';
import { TODAYS_VERSIONS } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const offersNoTls12SuitesInOlderVersions: Check = {
  id: 'offers-no-tls-1-2-suites-in-older-versions',
  title: 'Keeps the suites of TLS 1.2 out of older versions',
  severity: 'low',
  citation: 'RFC 5288 §4; RFC 5289 §4',
  remediation: TODAYS_VERSIONS,
  run: ({ scan }) =>
    offersNoSuite(
      scan,
      ({ since }, version) => since === 'TLSv1.2' && versionNumber(version) < versionNumber('TLSv1.2'),
    ),
};
