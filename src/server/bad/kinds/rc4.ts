import { asFarAsHello, type BadKind } from '../bad-kind.js';

/** A stream of which the beginning can be guessed. */
export const rc4: BadKind = {
  id: 'rc4',
  title: 'Refuses a server that encrypts with RC4 alone',
  breaks: 'its cipher suites are those with RC4',
  citation: 'RFC 7465 §2; CWE-327',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'offers-no-rc4-suites',
  make: async ({ goodRsa }) =>
    asFarAsHello(await goodRsa(), { version: 'TLSv1.2', cipherSuites: RC4_SUITES }),
};

/** ECDHE_RSA_WITH_RC4_128_SHA, RSA_WITH_RC4_128_SHA, RSA_WITH_RC4_128_MD5 */
const RC4_SUITES = [0xc011, 0x0005, 0x0004];
