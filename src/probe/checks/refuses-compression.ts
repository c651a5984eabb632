import type { Check } from '../check.js';
import { toldFinding } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

export const refusesCompression: Check = {
  id: 'refuses-compression',
  title: 'Does not compress what it encrypts (CRIME)',
  severity: 'high',
  citation: 'CVE-2012-4929; RFC 9325 §3.3',
  remediation:
    'nginx: never compresses since 1.3.2, so update it; Apache: SSLCompression off; HAProxy: never compresses with a TLS library built without it',
  run: ({ scan }) =>
    notSpoken(scan, BEFORE_TLS_1_3) ??
    toldFinding(scan.hello.compression, false, { yes: 'takes DEFLATE', no: 'takes no compression' }),
};
