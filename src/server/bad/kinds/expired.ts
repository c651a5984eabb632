import { expired as credential } from '../../../credentials/expired.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Right in everything, an hour too late. */
export const expired: BadKind = {
  id: 'expired',
  title: 'Refuses a server whose certificate has expired',
  breaks: 'its certificate ended an hour ago',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-not-expired',
  make: async (context) => overHttp(await credential.make(context)),
};
