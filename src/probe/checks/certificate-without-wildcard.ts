import { subjectAltNameOf } from '../../x509/extensions/subject-alt-name.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';

/** A fact rather than a fault: one key then speaks for every host of a domain. */
export const certificateWithoutWildcard: Check = {
  id: 'certificate-without-wildcard',
  title: 'Shows a certificate for whole names, none with a wildcard',
  severity: 'info',
  citation: 'RFC 9525 §7.1',
  remediation:
    'Give each server a certificate of its own: who steals the key of a wildcard is every host below it.',
  run: (observations) =>
    eachChain(observations, (_chain, leaf) => {
      const wildcards = (subjectAltNameOf(leaf) ?? []).flatMap((name) =>
        name.type === 'dNSName' && name.value.startsWith('*.') ? [name.value] : [],
      );
      return wildcards.length > 0 ? fail(wildcards.join(', ')) : pass('no wildcard');
    }),
};
