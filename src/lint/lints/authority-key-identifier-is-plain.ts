import { sameBytes } from '../../x509/der.js';
import { failed, type Lint, passed } from '../lint.js';

export const authorityKeyIdentifierIsPlain: Lint = {
  id: 'authority-key-identifier-is-plain',
  title: 'Names the key of its issuer by keyIdentifier alone, and a root its own',
  severity: 'low',
  citation: 'CA/B Baseline Requirements §7.1.2.11.1; RFC 5280 §4.2.1.1',
  applies: ({ extensions }) => extensions.authorityKeyIdentifier !== undefined,
  run: ({ extensions: { authorityKeyIdentifier: aki, subjectKeyIdentifier: ski }, isSelfIssued, isCa }) => {
    if (aki?.authorityCertIssuer || aki?.authorityCertSerialNumber) {
      return failed('issuer and serial number beside it: a renewed CA will not match them');
    }
    const own = ski !== undefined && aki?.keyIdentifier !== undefined && sameBytes(ski, aki.keyIdentifier);
    return isSelfIssued && isCa && ski !== undefined && !own
      ? failed('a root whose authorityKeyIdentifier is not its own subjectKeyIdentifier')
      : passed('keyIdentifier alone');
  },
};
