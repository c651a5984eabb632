import { mint } from '../../../credentials/mint.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** A name that is in the commonName alone is constrained by no CA above: nameConstraints speak of subjectAltName. */
export const noSan: BadKind = {
  id: 'no-san',
  title: 'Refuses a server whose name is in the commonName alone',
  breaks: 'its certificate has the name as commonName, and no subjectAltName',
  citation: 'RFC 9525 §2, §6.3; CWE-297',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-names-present',
  make: async (context) => overHttp(await mint(context, { subjectAltName: [] })),
};
