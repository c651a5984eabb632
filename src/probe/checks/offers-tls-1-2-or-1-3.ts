import { type Check, fail, inconclusive, pass } from '../check.js';
import { TODAYS_VERSIONS } from '../server-directives.js';

export const offersTls12Or13: Check = {
  id: 'offers-tls-1-2-or-1-3',
  title: 'Offers TLS 1.2 or TLS 1.3',
  severity: 'high',
  citation: 'RFC 9325 §3.1.1',
  remediation: TODAYS_VERSIONS,
  run({ scan: { protocols } }) {
    const versions = ['TLSv1.2', 'TLSv1.3'] as const;
    const offered = versions.filter((version) => protocols[version].value);
    if (offered.length > 0) return pass(`speaks ${offered.join(' and ')}`);
    const untold = versions.flatMap((version) => protocols[version].why ?? []);
    return untold.length > 0 ? inconclusive(untold.join('; ')) : fail('speaks neither TLSv1.2 nor TLSv1.3');
  },
};
