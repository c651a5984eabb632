import { type BadKind, overHttp } from '../bad-kind.js';
import { caBundle } from '../ca-bundle.js';

/** Looks like mutual TLS to every scanner, and lets everybody in: what `probe --prove-mtls` is for. */
export const clientAuthOptional: BadKind = {
  id: 'client-auth-optional',
  title: 'Is let in without a client certificate, and a proof says so',
  breaks: 'it asks for a client certificate, and lets everybody in',
  citation: 'RFC 8446 §4.4.2.4; CWE-287',
  expected: 'either',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'none',
  make: ({ authority, good }) =>
    Promise.resolve(
      overHttp(good, { requestCert: true, rejectUnauthorized: false, ca: caBundle(authority) }),
    ),
};
