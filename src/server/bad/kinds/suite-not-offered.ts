import { asFarAsHello, type BadKind } from '../bad-kind.js';
import { SUITES_TO_SIGN_WITH_RSA } from '../hello-suites.js';

/** Picks what was not to be picked from. */
export const suiteNotOffered: BadKind = {
  id: 'suite-not-offered',
  title: 'Refuses a cipher suite that it did not offer',
  breaks: 'it chooses a cipher suite that the client did not offer',
  citation: 'RFC 5246 §7.4.1.3; RFC 8446 §4.1.3; CWE-757',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'chooses-what-was-offered',
  make: async ({ goodRsa }) =>
    asFarAsHello(await goodRsa(), {
      ...{ version: 'TLSv1.2', takesUnoffered: true },
      cipherSuites: [...UNCOMMON_SUITES, ...SUITES_TO_SIGN_WITH_RSA],
    }),
};

/** ECDHE_RSA with ARIA-128-GCM, with Camellia-128-GCM */
const UNCOMMON_SUITES = [0xc060, 0xc08a];
