import type { Check } from '../check.js';
import { toldFinding } from '../told-finding.js';

export const offersTls13: Check = {
  id: 'offers-tls-1-3',
  title: 'Offers TLS 1.3',
  severity: 'low',
  citation: 'RFC 9325 §3.1.1',
  remediation:
    'nginx: ssl_protocols TLSv1.2 TLSv1.3; Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3; HAProxy: take ssl-max-ver and no-tlsv13 out',
  run: ({ scan }) =>
    toldFinding(scan.protocols['TLSv1.3'], true, {
      yes: 'speaks TLSv1.3',
      no: 'refused an offer of TLSv1.3 alone',
    }),
};
