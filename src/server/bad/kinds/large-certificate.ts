import { largeCertificate as credential } from '../../../credentials/large-certificate.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** More names than any server needs, and within what TLS allows. */
export const largeCertificate: BadKind = {
  id: 'large-certificate',
  title: 'Takes a certificate with a thousand names, or refuses it in order',
  breaks: 'its certificate has 1,000 names more than it needs',
  citation: credential.citation,
  expected: 'either',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: null,
  make: async (context) => overHttp(await credential.make(context)),
};
