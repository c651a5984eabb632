import { type Check, fail } from '../check.js';
import { asExposure } from '../exposure-finding.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

export const notExposedToFreak: Check = {
  id: 'not-exposed-to-freak',
  title: 'Leaves no room for FREAK: no RSA of EXPORT',
  severity: 'high',
  citation: 'CVE-2015-0204',
  remediation: STRONG_SUITES,
  run({ scan }) {
    const finding = asExposure(offersNoSuite(scan, (suite) => suite.export && suite.keyExchange === 'RSA'));
    if (finding.status === 'fail' || scan.exportRsaBits === null) return finding;
    return fail(`sends an RSA key of ${scan.exportRsaBits} bits with a suite that has none`);
  },
};
