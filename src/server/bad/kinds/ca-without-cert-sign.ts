import { issuerWithoutCertSign as credential } from '../../../credentials/issuer-without-cert-sign.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** The CA above it may sign CRLs, and nothing else. */
export const caWithoutCertSign: BadKind = {
  id: 'ca-without-cert-sign',
  title: 'Refuses a certificate whose issuer may not sign certificates',
  breaks: 'the keyUsage of its issuer is cRLSign, without keyCertSign',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'root-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
