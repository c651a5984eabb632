import { OID } from '../../x509/oid.js';
import { holds, type Lint } from '../lint.js';

export const keyUsageIsCritical: Lint = {
  id: 'key-usage-is-critical',
  title: 'Has its keyUsage critical',
  severity: 'low',
  citation: 'RFC 5280 §4.2.1.3',
  applies: ({ extensions }) => extensions.keyUsage !== undefined,
  run: ({ extensions: { critical, keyUsage } }) =>
    holds(critical.has(OID.keyUsage), `keyUsage ${[...(keyUsage ?? [])].join(', ')}`),
};
