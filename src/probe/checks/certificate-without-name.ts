import { fingerprint256 } from '../../x509/fingerprint.js';
import { formatName } from '../../x509/name.js';
import { type Check, fail, inconclusive, notApplicable, pass } from '../check.js';
import { chainsForName } from '../each-chain.js';

/** Which certificate stands in for all others is for everybody to see who scans addresses. */
export const certificateWithoutName: Check = {
  id: 'certificate-without-name',
  title: 'Shows clients that name no server no other certificate',
  severity: 'info',
  citation: 'RFC 6066 §3',
  remediation: 'Let the default server refuse (nginx: ssl_reject_handshake on), or have this certificate.',
  run({ chains }) {
    if (chains.length === 0) return inconclusive('no certificate was seen');
    const other = chains.find(({ asked }) => asked === 'without-name');
    if (other === undefined) return notApplicable('no certificate but those for the name was seen');
    const [leaf] = other.certificates;
    const shown = leaf ? formatName(leaf.subject) : 'one that cannot be read';
    const own = new Set(chainsForName(chains).map(({ chain }) => fingerprint256(chain[0]!)));
    const isOwn = other.chain[0] !== undefined && own.has(fingerprint256(other.chain[0]));
    return isOwn
      ? pass(`${shown}, as by name`)
      : fail(`${shown}, which is not the one that is shown by name`);
  },
};
