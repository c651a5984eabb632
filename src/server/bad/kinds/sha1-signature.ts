import { type BadKind, overHttp } from '../bad-kind.js';
import { ofAnyStrength } from '../openssl-strength.js';

/** Its certificate is good; what it signs in the handshake is a hash for which two texts can be found. */
export const sha1Signature: BadKind = {
  id: 'sha1-signature',
  title: 'Refuses a handshake that is signed over SHA-1',
  breaks: 'it signs the handshake over SHA-1',
  citation: 'RFC 9155 §4; CWE-328',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'signs-with-no-sha-1',
  make: async ({ goodRsa }) =>
    overHttp(await goodRsa(), {
      ...{ maxVersion: 'TLSv1.2', ciphers: ofAnyStrength('kECDHE+aRSA+AESGCM'), sigalgs: 'RSA+SHA1' },
    }),
};
