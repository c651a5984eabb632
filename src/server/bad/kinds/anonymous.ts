import { type BadKind, overHttp } from '../bad-kind.js';
import { ofAnyStrength } from '../openssl-strength.js';

/** Shows no certificate: it may be anybody. */
export const anonymous: BadKind = {
  id: 'anonymous',
  title: 'Refuses a server without a certificate',
  breaks: 'its cipher suites are anonymous: it shows no certificate',
  citation: 'RFC 9325 §4.1; CWE-306',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'offers-no-anonymous-suites',
  make: () =>
    Promise.resolve(
      overHttp(null, { maxVersion: 'TLSv1.2', ciphers: ofAnyStrength('aNULL:!eNULL'), dhparam: 'auto' }),
    ),
};
