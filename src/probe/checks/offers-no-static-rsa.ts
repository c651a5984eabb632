import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

/** Whoever gets the key later reads all that was recorded; clients that know better suites are spared. */
export const offersNoStaticRsa: Check = {
  id: 'offers-no-static-rsa',
  title: 'Offers no suite that sends the secret under the server’s RSA key',
  severity: 'low',
  citation: 'RFC 9325 §4.1',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, ({ keyExchange }) => STATIC_RSA.has(keyExchange)),
};

const STATIC_RSA = new Set(['RSA', 'RSA_PSK']);
