import { type BadKind, overHttp } from '../bad-kind.js';
import { caBundle } from '../ca-bundle.js';

/** Right in all but one: whoever was revoked is still let in. */
export const clientAuthWithoutCrl: BadKind = {
  id: 'client-auth-without-crl',
  title: 'Is let in with a revoked client certificate, and a proof says so',
  breaks: 'it demands a client certificate of our CA, and has no CRL',
  citation: 'RFC 5280 §6.1.3 (a)(3); CWE-299',
  expected: 'either',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'revoked',
  make: ({ authority, good }) =>
    Promise.resolve(overHttp(good, { requestCert: true, rejectUnauthorized: true, ca: caBundle(authority) })),
};
