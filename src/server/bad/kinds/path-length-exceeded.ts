import { pathLengthExceeded as credential } from '../../../credentials/path-length-exceeded.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** A CA that may have none below it has one. */
export const pathLengthExceeded: BadKind = {
  id: 'path-length-exceeded',
  title: 'Refuses a path that is longer than a CA in it allows',
  breaks: 'a CA stands below one whose pathLenConstraint is 0',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'root-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
