import type { Check } from '../check.js';
import { asExposure } from '../exposure-finding.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const notExposedToSweet32: Check = {
  id: 'not-exposed-to-sweet32',
  title: 'Leaves no room for SWEET32: no cipher with blocks of 64 bits',
  severity: 'medium',
  citation: 'CVE-2016-2183',
  remediation: STRONG_SUITES,
  run: ({ scan }) => asExposure(offersNoSuite(scan, ({ encryption }) => BLOCKS_OF_64_BITS.test(encryption))),
};

const BLOCKS_OF_64_BITS = /^(3?DES|IDEA|RC2)/;
