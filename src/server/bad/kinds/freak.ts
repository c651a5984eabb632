import { asFarAsHello, type BadKind } from '../bad-kind.js';

/** An ordinary suite, and a key of 512 bits that nobody asked for: a client that takes it can be read within hours. */
export const freak: BadKind = {
  id: 'freak',
  title: 'Refuses an export key that it did not ask for',
  breaks: 'it sends an RSA key of 512 bits with a cipher suite that has none',
  citation: 'RFC 5246 §7.4.3; CVE-2015-0204',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'not-exposed-to-freak',
  make: async ({ goodRsa }) =>
    asFarAsHello(await goodRsa(), {
      ...{ version: 'TLSv1.2', cipherSuites: STATIC_RSA_SUITES, shortRsaKey: true },
    }),
};

/** RSA_WITH_AES_128_GCM_SHA256, RSA_WITH_AES_128_CBC_SHA256, RSA_WITH_AES_128_CBC_SHA */
const STATIC_RSA_SUITES = [0x009c, 0x003c, 0x002f];
