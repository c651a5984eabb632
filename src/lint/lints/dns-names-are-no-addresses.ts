import { parseIpAddress } from '../../x509/ip-address.js';
import { failed, type Lint, passed } from '../lint.js';

export const dnsNamesAreNoAddresses: Lint = {
  id: 'dns-names-are-no-addresses',
  title: 'Has IP addresses as iPAddress, not as dNSName',
  severity: 'medium',
  citation: 'RFC 5280 §4.2.1.6; RFC 9525 §6.5',
  applies: ({ extensions: { subjectAltName = [] } }) => subjectAltName.some(({ type }) => type === 'dNSName'),
  run: ({ extensions: { subjectAltName = [] } }) => {
    const names = subjectAltName.flatMap((name) => (name.type === 'dNSName' ? [name.value] : []));
    const wrong = names.find((name) => parseIpAddress(name) !== null);
    return wrong === undefined
      ? passed(`${names.length} DNS names`)
      : failed(`${wrong} as a dNSName: no client matches it`);
  },
};
