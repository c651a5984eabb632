import { type Check, fail } from '../check.js';
import { toldFinding } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

export const marksDowngrades: Check = {
  id: 'marks-downgrades',
  title: 'Marks its random where a client was made to ask for an older version',
  severity: 'medium',
  citation: 'RFC 8446 §4.1.3',
  remediation:
    'Update the TLS library, or the box between that ends TLS: every one that speaks TLS 1.3 must do so. nginx, Apache, HAProxy: nothing to set',
  run({ scan }) {
    if (scan.hello.claimsHigherVersion.value === true)
      return fail(
        'marks its highest version as a downgrade: it is broken, or somebody between cuts TLS 1.3 off',
      );
    const unspoken = notSpoken(scan, ['TLSv1.3']);
    if (unspoken !== null) return unspoken;
    const single = notSpoken(scan, BEFORE_TLS_1_3);
    if (single !== null) return single;
    return toldFinding(scan.hello.downgradeSentinel, true, {
      yes: 'ends the random of a lower version with DOWNGRD',
      no: 'gives a lower version a random without DOWNGRD',
    });
  },
};
