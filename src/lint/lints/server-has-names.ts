import { formatGeneralName } from '../../x509/general-name.js';
import { failed, type Lint, passed } from '../lint.js';

export const serverHasNames: Lint = {
  id: 'server-has-names',
  title: 'A server has its DNS names or addresses in subjectAltName',
  severity: 'high',
  citation: 'RFC 9525 §6.3; CA/B Baseline Requirements §7.1.2.7.12',
  applies: ({ isServer }) => isServer,
  run: ({ extensions: { subjectAltName = [] } }) => {
    const names = subjectAltName.filter(({ type }) => type === 'dNSName' || type === 'iPAddress');
    return names.length > 0
      ? passed(names.slice(0, 5).map(formatGeneralName).join(', '))
      : failed('no name that a client could match; the commonName does not count');
  },
};
