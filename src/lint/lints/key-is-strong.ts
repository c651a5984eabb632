import { checkPublicKey } from '../../path/check-public-key.js';
import { describeKey } from '../../x509/subject-public-key-info.js';
import { failed, type Lint, passed } from '../lint.js';

export const keyIsStrong: Lint = {
  id: 'key-is-strong',
  title: 'Has a public key that is well-formed and strong enough',
  severity: 'high',
  citation: 'NIST SP 800-57 part 1 rev. 5, table 2; RFC 9325 §4.5',
  applies: () => true,
  run: ({ subject, certificate }) => {
    const found = checkPublicKey(subject);
    return found === null ? passed(describeKey(certificate.subjectPublicKeyInfo)) : failed(found.message);
  },
};
