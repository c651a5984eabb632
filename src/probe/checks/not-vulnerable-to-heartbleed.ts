import type { Check } from '../check.js';
import { faultFinding } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

export const notVulnerableToHeartbleed: Check = {
  id: 'not-vulnerable-to-heartbleed',
  title: 'Does not hand out its memory (Heartbleed)',
  severity: 'critical',
  citation: 'CVE-2014-0160; RFC 6520 §4',
  remediation:
    'Update OpenSSL to 1.0.1g or later at once, then change the key, revoke the certificate and end all sessions. nginx, Apache, HAProxy: nothing to set',
  run: ({ scan }) => notSpoken(scan, BEFORE_TLS_1_3) ?? faultFinding(scan.faults.heartbleed),
};
