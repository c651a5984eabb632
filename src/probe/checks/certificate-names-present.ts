import { subjectAltNameOf } from '../../x509/extensions/subject-alt-name.js';
import { commonNameOf } from '../../x509/name.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

export const certificateNamesPresent: Check = {
  id: 'certificate-names-present',
  title: 'Shows a certificate with its names in subjectAltName',
  severity: 'medium',
  citation: 'RFC 9525 §2, §6.3',
  remediation: 'Issue it with --san DNS:…: clients of today do not read the commonName.',
  run: (observations) =>
    eachChain(observations, (_chain, leaf) => {
      const names = subjectAltNameOf(leaf) ?? [];
      const hosts = names.filter(({ type }) => type === 'dNSName' || type === 'iPAddress');
      return hosts.length > 0
        ? pass(`${hosts.length} of hosts`)
        : fail(`none of a host; the commonName is ${commonNameOf(leaf.subject) ?? 'not there either'}`);
    }),
};
