import { keyWeakness } from '../../policy/key-strength.js';
import { formatName } from '../../x509/name.js';
import { describeKey } from '../../x509/subject-public-key-info.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';
import { countingOf } from '../judged-chain.js';

export const certificateKeyStrong: Check = {
  id: 'certificate-key-strong',
  title: 'Shows certificates with keys of 112 bits of security and more',
  severity: 'high',
  citation: 'RFC 9325 §4.5',
  remediation:
    'Make a new key (issue-server NAME --key-type ec-p256); a CA with a weak key must be replaced.',
  run: (observations) =>
    eachChain(observations, (chain, leaf) => {
      const weak = countingOf(chain).flatMap(({ subject, subjectPublicKeyInfo }) => {
        const found = keyWeakness(describeKey(subjectPublicKeyInfo));
        return found === null ? [] : [`${formatName(subject)}: ${found.message}`];
      });
      return weak.length > 0 ? fail(weak.join('; ')) : pass(describeKey(leaf.subjectPublicKeyInfo));
    }),
};
