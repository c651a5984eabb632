import type { Check } from '../check.js';
import { refusesVersion } from '../version-finding.js';

export const offersNoTls11: Check = {
  id: 'offers-no-tls-1-1',
  title: 'Does not offer TLS 1.1',
  severity: 'medium',
  citation: 'RFC 8996 §5',
  remediation:
    'nginx: ssl_protocols TLSv1.2 TLSv1.3; Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3; HAProxy: ssl-min-ver TLSv1.2',
  run: (observations) => refusesVersion(observations, 'TLSv1.1'),
};
