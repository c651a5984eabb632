import { rogueCa as credential } from '../../../credentials/rogue-ca.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Another's CA under the name and key identifier of ours: it proves that the key is checked, not the name. */
export const rogueCa: BadKind = {
  id: 'rogue-ca',
  title: 'Refuses a server of a CA that only bears the name of the trusted one',
  breaks: 'the key of another CA signed its certificate, under the name and key identifier of ours',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
