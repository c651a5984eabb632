import { type BadKind, overHttp } from '../bad-kind.js';
import { dhParameters } from '../dh-parameters.js';
import { ofAnyStrength, STRONG_SIGNATURES } from '../openssl-strength.js';

/** A prime that is within reach of a state, and that many have in common. */
export const dh1024: BadKind = {
  id: 'dh1024',
  title: 'Refuses Diffie-Hellman with a prime of 1,024 bits',
  breaks: 'it agrees on keys by Diffie-Hellman with a well-known prime of 1,024 bits',
  citation: 'RFC 9325 §4.1; CVE-2015-4000',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'offers-no-dh-under-2048-bits',
  make: async ({ goodRsa }) =>
    overHttp(await goodRsa(), {
      ...{ maxVersion: 'TLSv1.2', ciphers: ofAnyStrength('kDHE+aRSA+AESGCM') },
      sigalgs: STRONG_SIGNATURES,
      dhparam: dhParameters('MODP 1024 of RFC 2409'),
    }),
};
