import { TLS_VERSIONS } from '../../tls/version.js';
import { type Check, fail, pass } from '../check.js';
import { CHOSE_UNOFFERED } from '../scan/taken.js';
import { notSpoken } from '../version-finding.js';

/** A client that is answered with a suite of somebody else's choice has to end there. */
export const choosesWhatWasOffered: Check = {
  id: 'chooses-what-was-offered',
  title: 'Chooses a cipher suite that was offered',
  severity: 'medium',
  citation: 'RFC 8446 §4.1.3; RFC 5246 §7.4.1.3',
  remediation:
    'Update the TLS library, or the box between that ends TLS: no server may choose what was not offered. nginx, Apache, HAProxy: nothing to set',
  run({ scan }) {
    const found = [...scan.cipherSuites];
    const wrong = found.filter(([, { incomplete }]) => incomplete === CHOSE_UNOFFERED);
    if (wrong.length > 0) return fail(`not in ${wrong.map(([version]) => version).join(', ')}`);
    return notSpoken(scan, TLS_VERSIONS) ?? pass('in every version that it speaks');
  },
};
