import { oidName } from '../../x509/oid.js';
import { failed, type Lint, passed } from '../lint.js';

/** Windows, Go and OpenSSL take it for a limit on all that is below: a CA with serverAuth alone issues no client certificate. */
export const caLeavesPurposesOpen: Lint = {
  id: 'ca-leaves-purposes-open',
  title: 'A CA has no extKeyUsage',
  severity: 'low',
  citation: 'RFC 5280 §4.2.1.12; CA/B Baseline Requirements §7.1.2.1.2',
  applies: ({ isCa }) => isCa,
  run: ({ extensions: { extKeyUsage } }) =>
    extKeyUsage === undefined
      ? passed('no extKeyUsage')
      : failed(`limits what is below it to ${extKeyUsage.map(oidName).join(', ')}`),
};
