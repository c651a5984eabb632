import { failed, type Lint, passed } from '../lint.js';

export const namesKeyOfIssuer: Lint = {
  id: 'names-key-of-issuer',
  title: 'Has an authorityKeyIdentifier with the keyIdentifier of its issuer',
  severity: 'medium',
  citation: 'RFC 5280 §4.2.1.1',
  applies: ({ isSelfIssued }) => !isSelfIssued,
  run: ({ extensions: { authorityKeyIdentifier: found } }) => {
    if (found === undefined) return failed('no authorityKeyIdentifier');
    const { keyIdentifier } = found;
    return keyIdentifier === undefined
      ? failed('authorityKeyIdentifier without keyIdentifier')
      : passed(Buffer.from(keyIdentifier).toString('hex'));
  },
};
