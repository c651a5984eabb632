import { type BadKind, overHttp } from '../bad-kind.js';
import { ofAnyStrength } from '../openssl-strength.js';

/** The best that it speaks is of 2006. */
export const tls11: BadKind = {
  id: 'tls1.1',
  title: 'Refuses a server that speaks TLS 1.1 at best',
  breaks: 'it speaks TLS 1.1 and nothing newer',
  citation: 'RFC 8996 §5; CWE-327',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'offers-no-tls-1-1',
  make: async ({ goodRsa }) =>
    overHttp(await goodRsa(), {
      ...{ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: ofAnyStrength('ECDHE+AES') },
    }),
};
