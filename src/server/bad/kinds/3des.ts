import { asFarAsHello, type BadKind } from '../bad-kind.js';

/** Blocks of 64 bits, which repeat after some gigabytes. */
export const tripleDes: BadKind = {
  id: '3des',
  title: 'Refuses a server that encrypts with 3DES alone',
  breaks: 'its cipher suites are those with 3DES',
  citation: 'RFC 9325 §4.1; CVE-2016-2183',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'offers-no-3des-suites',
  make: async ({ goodRsa }) =>
    asFarAsHello(await goodRsa(), { version: 'TLSv1.2', cipherSuites: TRIPLE_DES_SUITES }),
};

/** ECDHE_RSA_WITH_3DES_EDE_CBC_SHA, RSA_WITH_3DES_EDE_CBC_SHA */
const TRIPLE_DES_SUITES = [0xc012, 0x000a];
