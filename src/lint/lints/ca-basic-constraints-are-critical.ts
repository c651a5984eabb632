import { OID } from '../../x509/oid.js';
import { holds, type Lint } from '../lint.js';

export const caBasicConstraintsAreCritical: Lint = {
  id: 'ca-basic-constraints-are-critical',
  title: 'A CA has critical basicConstraints',
  severity: 'high',
  citation: 'RFC 5280 §4.2.1.9',
  applies: ({ isCa }) => isCa,
  run: ({ extensions }) =>
    holds(
      extensions.critical.has(OID.basicConstraints),
      critical(extensions.critical.has(OID.basicConstraints)),
    ),
};

function critical(is: boolean): string {
  return `basicConstraints with cA TRUE, ${is ? 'critical' : 'not critical'}`;
}
