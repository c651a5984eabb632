import { asFarAsHello, type BadKind } from '../bad-kind.js';
import { CBC_SUITES } from '../hello-suites.js';

/** Answers every hello in the version of 1996. */
export const sslv3: BadKind = {
  id: 'sslv3',
  title: 'Refuses a server that speaks SSL 3.0 at best',
  breaks: 'it speaks SSL 3.0 and nothing newer',
  citation: 'RFC 7568 §3; CWE-327',
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'offers-no-ssl-3',
  make: async ({ goodRsa }) => asFarAsHello(await goodRsa(), { version: 'SSLv3', cipherSuites: CBC_SUITES }),
};
