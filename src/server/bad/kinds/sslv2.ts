import { SSL2_CIPHER_KINDS } from '../../../tls/ssl2-hello.js';
import { asFarAsHello, type BadKind } from '../bad-kind.js';

/** Knows no hello but that of 1995. */
export const sslv2: BadKind = {
  id: 'sslv2',
  title: 'Refuses a server that speaks SSL 2.0 alone',
  breaks: 'it speaks SSL 2.0 and nothing newer',
  citation: 'RFC 6176 §3; CWE-327',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'offers-no-ssl-2',
  make: async ({ goodRsa }) =>
    asFarAsHello(await goodRsa(), {
      version: 'SSLv2',
      cipherSuites: [...SSL2_CIPHER_KINDS.keys()],
    }),
};
