import { matchesName } from '../../path/match-hostname.js';
import { subjectAltNameOf } from '../../x509/extensions/subject-alt-name.js';
import { formatGeneralName } from '../../x509/general-name.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

export const certificateMatchesHostname: Check = {
  id: 'certificate-matches-hostname',
  title: 'Shows a certificate for the name it is called by',
  severity: 'high',
  citation: 'RFC 9525 §6',
  remediation:
    'Issue the certificate with this name (issue-server NAME --san …), or call it by a name it has (--servername).',
  run: (observations) =>
    eachChain(observations, (_chain, leaf) => {
      const { name } = observations;
      const names = subjectAltNameOf(leaf) ?? [];
      const list = names.map(formatGeneralName);
      const shown = list.length > 8 ? [...list.slice(0, 8), `and ${list.length - 8} more`] : list;
      const presented = shown.join(', ') || 'no subjectAltName';
      return matchesName(name, names)
        ? pass(`${name.value} is among ${presented}`)
        : fail(`${name.value} is not among ${presented}`);
    }),
};
