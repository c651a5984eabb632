import { signatureHash } from '../../keys/verify-signature.js';
import { hashWeakness } from '../../policy/key-strength.js';
import { isSelfIssued } from '../../x509/certificate.js';
import { formatName } from '../../x509/name.js';
import { oidName } from '../../x509/oid.js';
import { type Check, fail, pass } from '../check.js';
import { eachChain } from '../each-chain.js';
import { countingOf } from '../judged-chain.js';

/** What a root says of itself is believed for other reasons than its signature. */
export const certificateHashStrong: Check = {
  id: 'certificate-hash-strong',
  title: 'Shows no certificate that is signed over MD5 or SHA-1',
  severity: 'high',
  citation: 'RFC 9155 §1; RFC 9325 §4.5; CWE-328',
  remediation: 'Have the certificate signed anew over SHA-256 or better.',
  run: (observations) =>
    eachChain(observations, (chain, leaf) => {
      const weak = countingOf(chain).flatMap((certificate) => {
        const hash = isSelfIssued(certificate) ? null : signatureHash(certificate.signatureAlgorithm);
        const found = hash === null ? null : hashWeakness(hash);
        return found === null ? [] : [`${formatName(certificate.subject)}: ${found.message}`];
      });
      return weak.length > 0 ? fail(weak.join('; ')) : pass(oidName(leaf.signatureAlgorithm.algorithm));
    }),
};
