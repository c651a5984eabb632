import { type BadKind, overHttp } from '../bad-kind.js';

/** Who records today and gets the server's key tomorrow reads all of it. */
export const staticRsa: BadKind = {
  id: 'static-rsa',
  title: 'Refuses a server without forward secrecy',
  breaks: 'its cipher suites agree on keys by RSA encryption, without forward secrecy',
  citation: 'RFC 9325 §4.1; CWE-310',
  expected: 'either',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'offers-no-static-rsa',
  make: async ({ goodRsa }) => overHttp(await goodRsa(), { maxVersion: 'TLSv1.2', ciphers: 'kRSA+AES' }),
};
