import { otherCa } from '../../../credentials/other-ca.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Somebody else's CA, in order in every other way, sent along up to its root. */
export const untrustedRoot: BadKind = {
  id: 'untrusted-root',
  title: 'Refuses a server of a CA that it does not trust',
  breaks: 'a CA that nobody here trusts issued its certificate',
  citation: otherCa.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await otherCa.make(context)),
};
