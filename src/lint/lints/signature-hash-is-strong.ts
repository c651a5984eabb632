import { signatureHash } from '../../keys/verify-signature.js';
import { hashOfSignature, hashWeakness } from '../../policy/key-strength.js';
import { oidName } from '../../x509/oid.js';
import { failed, type Lint, passed } from '../lint.js';

/** Of a root nobody checks the signature. */
export const signatureHashIsStrong: Lint = {
  id: 'signature-hash-is-strong',
  title: 'Is signed over a hash that nobody can collide',
  severity: 'high',
  citation: 'RFC 9155; NIST SP 800-57 part 1 rev. 5, table 3',
  applies: ({ isSelfIssued }) => !isSelfIssued,
  run: ({ certificate: { signatureAlgorithm } }) => {
    const name = oidName(signatureAlgorithm.algorithm);
    const hash = signatureHash(signatureAlgorithm) ?? hashOfSignature(name);
    const weakness = hash === null ? null : hashWeakness(hash);
    return weakness === null ? passed(name) : failed(`${name}: ${weakness.message}`);
  },
};
