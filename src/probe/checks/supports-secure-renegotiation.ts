import type { Check } from '../check.js';
import { toldFinding } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

export const supportsSecureRenegotiation: Check = {
  id: 'supports-secure-renegotiation',
  title: 'Ties a renegotiation to the connection it happens on',
  severity: 'high',
  citation: 'CVE-2009-3555; RFC 9325 §3.5',
  remediation:
    'Update the TLS library: every one since 2010 has renegotiation_info. nginx, HAProxy: nothing to set; Apache: SSLInsecureRenegotiation off',
  run: ({ scan }) =>
    notSpoken(scan, BEFORE_TLS_1_3) ??
    toldFinding(scan.hello.secureRenegotiation, true, {
      yes: 'answers with renegotiation_info',
      no: 'answers without renegotiation_info',
    }),
};
