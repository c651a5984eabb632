import { type BadKind, overHttp } from '../bad-kind.js';
import { ofAnyStrength, STRONG_SIGNATURES } from '../openssl-strength.js';

/** A curve of 192 bits, which gives 96 of strength. */
export const weakGroup: BadKind = {
  id: 'weak-group',
  title: 'Refuses a server that agrees on keys on a curve of 192 bits',
  breaks: 'it agrees on keys on secp192r1 alone',
  citation: 'RFC 9325 §4.2; CWE-326',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'offers-no-weak-groups',
  make: async ({ goodRsa }) =>
    overHttp(await goodRsa(), {
      ...{
        maxVersion: 'TLSv1.2',
        ciphers: ofAnyStrength('kECDHE+aRSA+AESGCM'),
        ecdhCurve: 'prime192v1',
        sigalgs: STRONG_SIGNATURES,
      },
    }),
};
