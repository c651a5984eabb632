import { type BadKind, overHttp } from '../bad-kind.js';
import { ofAnyStrength } from '../openssl-strength.js';

/** Everybody on the way reads along. */
export const nullCipher: BadKind = {
  id: 'null-cipher',
  title: 'Refuses a server that does not encrypt',
  breaks: 'its cipher suites encrypt nothing',
  citation: 'RFC 9325 §4.1; CWE-319',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'offers-no-null-suites',
  make: async ({ goodRsa }) =>
    overHttp(await goodRsa(), { maxVersion: 'TLSv1.2', ciphers: ofAnyStrength('eNULL:!aNULL') }),
};
