import { tamperedSignature as credential } from '../../../credentials/tampered-signature.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** One bit of the CA's signature is turned over. */
export const tamperedSignature: BadKind = {
  id: 'tampered-signature',
  title: 'Refuses a server whose certificate has a wrong signature',
  breaks: 'one bit of the signature on its certificate is not what the CA wrote',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
