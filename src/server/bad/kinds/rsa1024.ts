import { rsa1024 as credential } from '../../../credentials/rsa-1024.js';
import { type BadKind, overHttp } from '../bad-kind.js';
import { FAULTLESS_CIPHERS, ofAnyStrength, STRONG_SIGNATURES } from '../openssl-strength.js';

/** A key that is within reach of those who can pay for breaking it. */
export const rsa1024: BadKind = {
  id: 'rsa1024',
  title: 'Refuses a server with an RSA key of 1,024 bits',
  breaks: 'the RSA key of its certificate has 1,024 bits',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-key-strong',
  make: async (context) =>
    overHttp(await credential.make(context), {
      ciphers: ofAnyStrength(FAULTLESS_CIPHERS),
      sigalgs: STRONG_SIGNATURES,
    }),
};
