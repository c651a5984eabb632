import { isHost } from '../../path/name-syntax.js';
import { failed, type Lint, passed } from '../lint.js';

export const dnsNamesAreWellFormed: Lint = {
  id: 'dns-names-are-well-formed',
  title: 'Has DNS names of letters, digits and hyphens, without a period at the end',
  severity: 'medium',
  citation: 'RFC 5280 §4.2.1.6; RFC 1034 §3.5; CA/B Baseline Requirements §7.1.2.7.12',
  applies: ({ extensions: { subjectAltName = [] } }) => subjectAltName.some(({ type }) => type === 'dNSName'),
  run: ({ extensions: { subjectAltName = [] } }) => {
    const names = subjectAltName.flatMap((name) => (name.type === 'dNSName' ? [name.value] : []));
    const wrong = names.find((name) => !isHost(name.replace(/^\*\./, '')));
    return wrong === undefined ? passed(`${names.length} DNS names`) : failed(`"${wrong}"`);
  },
};
