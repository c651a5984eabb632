import type { Check } from '../check.js';
import { asExposure } from '../exposure-finding.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

/** An attack upon servers that use a key twice: always those with DH, those with DHE by their configuration. */
export const notExposedToRaccoon: Check = {
  id: 'not-exposed-to-raccoon',
  title: 'Leaves no room for Raccoon: no Diffie-Hellman over a finite field before TLS 1.3',
  severity: 'low',
  citation: 'CVE-2020-1968; RFC 9325 §4.1, §7.4',
  remediation: STRONG_SUITES,
  run: ({ scan }) => asExposure(offersNoSuite(scan, ({ keyExchange }) => /^DHE?(_|$)/.test(keyExchange))),
};
