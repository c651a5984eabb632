import { asFarAsHello, type BadKind } from '../bad-kind.js';
import { SUITES_TO_SIGN_WITH_RSA } from '../hello-suites.js';

/** What an attacker's cut makes of a server of TLS 1.3: the client's offer of it did not arrive, and the server says so. */
export const downgraded: BadKind = {
  id: 'downgraded',
  title: 'Refuses TLS 1.2 of a server that says it would have spoken TLS 1.3',
  breaks: 'it answers in TLS 1.2, and marks that as a downgrade',
  citation: 'RFC 8446 §4.1.3; CWE-757',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'marks-downgrades',
  make: async ({ goodRsa }) =>
    asFarAsHello(await goodRsa(), {
      ...{ version: 'TLSv1.2', cipherSuites: SUITES_TO_SIGN_WITH_RSA, downgraded: true },
    }),
};
