import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const offersNoStaticDh: Check = {
  id: 'offers-no-static-dh',
  title: 'Offers no suite with Diffie-Hellman keys that never change',
  severity: 'low',
  citation: 'RFC 9325 §4.1',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersNoSuite(scan, ({ keyExchange }) => STATIC_DH.has(keyExchange)),
};

const STATIC_DH = new Set(['DH', 'ECDH']);
