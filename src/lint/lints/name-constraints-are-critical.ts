import { OID } from '../../x509/oid.js';
import { holds, type Lint } from '../lint.js';

/** Where it is not, software that knows no constraints lets everything pass. */
export const nameConstraintsAreCritical: Lint = {
  id: 'name-constraints-are-critical',
  title: 'Has its nameConstraints critical',
  severity: 'medium',
  citation: 'RFC 5280 §4.2.1.10',
  applies: ({ extensions }) => extensions.nameConstraints !== undefined,
  run: ({ extensions: { critical } }) =>
    holds(
      critical.has(OID.nameConstraints),
      `nameConstraints, ${critical.has(OID.nameConstraints) ? '' : 'not '}critical`,
    ),
};
