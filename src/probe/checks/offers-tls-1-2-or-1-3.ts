import { type Check, fail, inconclusive, pass } from '../check.js';
import { speaks } from '../observations.js';

export const offersTls12Or13: Check = {
  id: 'offers-tls-1-2-or-1-3',
  title: 'Offers TLS 1.2 or TLS 1.3',
  severity: 'high',
  citation: 'RFC 9325 §3.1.1',
  remediation: 'Let the server speak TLS 1.3, and 1.2 beside it for older clients.',
  run({ handshakes }) {
    const spoken = (['TLSv1.2', 'TLSv1.3'] as const).map(
      (version) => [version, speaks(handshakes, version)] as const,
    );
    const offered = spoken.filter(([, speaksIt]) => speaksIt).map(([version]) => version);
    if (offered.length > 0) return pass(`speaks ${offered.join(' and ')}`);
    return spoken.some(([, speaksIt]) => speaksIt === null)
      ? inconclusive('whether it speaks TLS 1.2 or 1.3 could not be told')
      : fail('speaks neither TLS 1.2 nor TLS 1.3');
  },
};
