import { notYetValid as credential } from '../../../credentials/not-yet-valid.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Right in everything, twenty years too early. */
export const notYetValid: BadKind = {
  id: 'not-yet-valid',
  title: 'Refuses a server whose certificate is not valid yet',
  breaks: 'its certificate begins twenty years from now',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-already-valid',
  make: async (context) => overHttp(await credential.make(context)),
};
