import { formatIpAddress } from '../../x509/ip-address.js';
import { commonNameOf } from '../../x509/name.js';
import { holds, type Lint } from '../lint.js';

/** Old clients match the commonName, all others do not: they would judge differently. */
export const commonNameIsAmongNames: Lint = {
  id: 'subject-cn-is-among-names',
  title: 'A server’s commonName stands in subjectAltName too',
  severity: 'low',
  citation: 'CA/B Baseline Requirements §7.1.4.3; RFC 9525 §2',
  applies: ({ isServer, certificate }) => isServer && looksLikeHost(commonNameOf(certificate.subject)),
  run: ({ certificate, extensions: { subjectAltName = [] } }) => {
    const commonName = commonNameOf(certificate.subject) ?? '';
    const names = subjectAltName.map((name) =>
      name.type === 'dNSName'
        ? name.value.toLowerCase()
        : name.type === 'iPAddress'
          ? formatIpAddress(name.octets)
          : '',
    );
    return holds(names.includes(commonName.toLowerCase()), `commonName ${commonName}`);
  },
};

/** A name for people, such as `Build server`, misleads no client. */
function looksLikeHost(commonName: string | undefined): boolean {
  return commonName !== undefined && /^[^\s.]+(\.[^\s.]+)+$|:/.test(commonName);
}
