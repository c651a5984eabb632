import type { Check } from '../check.js';
import { faultFinding } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

export const notVulnerableToCcsInjection: Check = {
  id: 'not-vulnerable-to-ccs-injection',
  title: 'Takes no ChangeCipherSpec before there is a key (CCS injection)',
  severity: 'critical',
  citation: 'CVE-2014-0224; RFC 5246 §7.1',
  remediation: 'Update OpenSSL to 0.9.8za, 1.0.0m, 1.0.1h or later. nginx, Apache, HAProxy: nothing to set',
  run: ({ scan }) => notSpoken(scan, BEFORE_TLS_1_3) ?? faultFinding(scan.faults.ccsInjection),
};
