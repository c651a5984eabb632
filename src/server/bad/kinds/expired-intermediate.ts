import { expiredIssuer as credential } from '../../../credentials/expired-issuer.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** The leaf is good for another day, the CA above it is not. */
export const expiredIntermediate: BadKind = {
  id: 'expired-intermediate',
  title: 'Refuses a certificate whose issuer has expired',
  breaks: 'the certificate of its issuer ended an hour ago',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'root-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
