import { matchesName } from '../../path/match-hostname.js';
import { subjectAltNameOf } from '../../x509/extensions/subject-alt-name.js';
import { formatGeneralName } from '../../x509/general-name.js';
import { type Check, fail, inconclusive, pass } from '../check.js';

export const certificateMatchesHostname: Check = {
  id: 'certificate-matches-hostname',
  title: 'Shows a certificate for the name it is called by',
  severity: 'high',
  citation: 'RFC 9525 §6',
  remediation:
    'Issue the certificate with this name (issue-server NAME --san …), or call it by a name it has (--servername).',
  run({ chain, certificates: [leaf], name }) {
    if (leaf === undefined || leaf.der !== chain[0])
      return inconclusive('no certificate was seen that can be read');
    const names = subjectAltNameOf(leaf) ?? [];
    const list = names.map(formatGeneralName);
    const shown = list.length > 8 ? [...list.slice(0, 8), `and ${list.length - 8} more`] : list;
    const presented = shown.join(', ') || 'no subjectAltName';
    return matchesName(name, names)
      ? pass(`${name.value} is among ${presented}`)
      : fail(`${name.value} is not among ${presented}`);
  },
};
