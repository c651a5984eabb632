import { dhGroupName } from '../../tls/dh-group.js';
import { type Check, fail } from '../check.js';
import { dhList } from '../dh-finding.js';
import { asExposure } from '../exposure-finding.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersNoSuite } from '../suite-finding.js';

/** Logarithms of 768 bits have been computed in the open; a prime of 1,024 bits that many share is worth it for a state. */
export const notExposedToLogjam: Check = {
  id: 'not-exposed-to-logjam',
  title: 'Leaves no room for Logjam: no DHE of EXPORT, no prime that others have broken',
  severity: 'high',
  citation: 'CVE-2015-4000',
  remediation: `${STRONG_SUITES}; with DHE: ssl_dhparam, SSLOpenSSLConfCmd DHParameters, tune.ssl.default-dh-param 2048`,
  run({ scan }) {
    const breakable = scan.dhParameters.filter(
      ({ primeBits, prime }) =>
        primeBits < BREAKABLE_BITS || (primeBits === BREAKABLE_BITS && dhGroupName(prime) !== null),
    );
    return asExposure(
      breakable.length > 0
        ? fail(dhList(breakable))
        : offersNoSuite(scan, (suite) => suite.export && suite.keyExchange.startsWith('DH')),
    );
  },
};

const BREAKABLE_BITS = 1024;
