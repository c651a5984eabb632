import { type BadKind, overHttp } from '../bad-kind.js';

/** Demands a certificate, tells nobody of which CA, and takes whatever comes, a stranger's too. */
export const clientAuthAny: BadKind = {
  id: 'client-auth-any',
  title: 'Is let in with any client certificate, and a proof says so',
  breaks: 'it demands a client certificate, names no CA, and takes any',
  citation: 'RFC 8446 §4.4.2.4; CWE-295',
  expected: 'either',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'self-signed',
  make: ({ good }) =>
    Promise.resolve({
      ...overHttp(good, { requestCert: true, rejectUnauthorized: false, ca: [] }),
      demandsCertificate: true,
    }),
};
