import { issuerWithoutBasicConstraints as credential } from '../../../credentials/issuer-without-basic-constraints.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** The certificate above it never said that it was a CA's. */
export const caNotCa: BadKind = {
  id: 'ca-not-ca',
  title: 'Refuses a certificate whose issuer has no basicConstraints',
  breaks: 'the certificate of its issuer has no basicConstraints',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'root-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
