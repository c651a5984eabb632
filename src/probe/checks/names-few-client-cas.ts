import { formatName } from '../../x509/name.js';
import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';

/** Every stranger who connects reads the list: a bundle of all roots of a system is let in, or the names of a house's
 *  inner CAs are given away. */
export const namesFewClientCas: Check = {
  id: 'names-few-client-cas',
  title: 'Names no more CAs to strangers than a handful',
  severity: 'info',
  citation: 'CWE-200; RFC 8446 §4.2.4',
  remediation:
    'Trust for clients the one CA that issues for them, not a bundle; Apache: SSLCADNRequestFile names fewer.',
  run({ acceptableCAs, clientAuth: { requested } }) {
    if (requested === null) return inconclusive('no handshake got far enough to tell');
    if (acceptableCAs.length === 0) return notApplicable('none is named');
    const few = acceptableCAs.slice(0, SHOWN).map(formatName).join('; ');
    return acceptableCAs.length > MOST
      ? fail(`${acceptableCAs.length} are named to everybody who connects: ${few} …`)
      : pass(`${acceptableCAs.length} to be read by everybody who connects`);
  },
};

/** A root, its issuing CAs and those of a change from old to new. */
const MOST = 8;
const SHOWN = 3;
