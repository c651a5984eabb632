import { nameConstraintViolation as credential } from '../../../credentials/name-constraint-violation.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** The CA above it may issue for every name but one, which it bears beside its own. */
export const nameConstraintViolation: BadKind = {
  id: 'name-constraint-violation',
  title: 'Refuses a certificate for a name that its issuer may not give',
  breaks: 'one of its names is among those that the nameConstraints of its issuer exclude',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'root-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
