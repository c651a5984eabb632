import type { Check } from '../check.js';
import { toldFinding } from '../told-finding.js';

export const toleratesGrease: Check = {
  id: 'tolerates-grease',
  title: 'Passes over values that are reserved to be passed over',
  severity: 'low',
  citation: 'RFC 8701 §3',
  remediation:
    'Update the TLS library, or the box between that ends or inspects TLS. nginx, Apache, HAProxy: nothing to set',
  run: ({ scan }) =>
    toldFinding(scan.hello.toleratesGrease, true, {
      yes: 'answers a ClientHello with GREASE as one without',
      no: 'fails at a ClientHello with GREASE',
    }),
};
