import { type BadKind, overHttp } from '../bad-kind.js';
import { ofAnyStrength } from '../openssl-strength.js';

/** The best that it speaks is of 1999. */
export const tls10: BadKind = {
  id: 'tls1.0',
  title: 'Refuses a server that speaks TLS 1.0 at best',
  breaks: 'it speaks TLS 1.0 and nothing newer',
  citation: 'RFC 8996 §4; CWE-327',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'offers-no-tls-1-0',
  make: async ({ goodRsa }) =>
    overHttp(await goodRsa(), {
      ...{ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: ofAnyStrength('ECDHE+AES') },
    }),
};
