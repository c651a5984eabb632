import { revoked as credential } from '../../../credentials/revoked.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Bears the serial number that is on every CRL of the CA: a client that reads `crl-chain.pem`, however old, knows it. */
export const revoked: BadKind = {
  id: 'revoked',
  title: 'Refuses a server whose certificate is on the CRL',
  breaks: 'the serial number of its certificate is on every CRL of our issuing CA',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-not-revoked',
  make: async (context) => overHttp(await credential.make(context)),
};
