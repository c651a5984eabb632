import { selfSigned as credential } from '../../../credentials/self-signed.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Signed by its own key: anybody can make one in a second. */
export const selfSigned: BadKind = {
  id: 'self-signed',
  title: 'Refuses a server with a self-signed certificate',
  breaks: 'no CA signed its certificate: the issuer is itself',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-not-self-signed',
  make: async (context) => overHttp(await credential.make(context)),
};
