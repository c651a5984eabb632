import { issuedByLeaf as credential } from '../../../credentials/issued-by-leaf.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Every server could issue for every other, if a client let it. */
export const issuedByLeaf: BadKind = {
  id: 'issued-by-leaf',
  title: 'Refuses a certificate that another server issued',
  breaks: "the key of another server's certificate, which is no CA's, signed its own",
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
