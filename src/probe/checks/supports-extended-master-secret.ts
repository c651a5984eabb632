import type { Check } from '../check.js';
import { toldFinding } from '../told-finding.js';
import { BEFORE_TLS_1_3, notSpoken } from '../version-finding.js';

/** Without it two connections can share a secret, which is the way into the triple handshake attack on client certificates. */
export const supportsExtendedMasterSecret: Check = {
  id: 'supports-extended-master-secret',
  title: 'Binds the master secret to the whole handshake',
  severity: 'low',
  citation: 'RFC 7627 §5.2; RFC 9325 §3.5',
  remediation: 'Update the TLS library: OpenSSL has it since 1.1.0. nginx, Apache, HAProxy: nothing to set',
  run: ({ scan }) =>
    notSpoken(scan, BEFORE_TLS_1_3) ??
    toldFinding(scan.hello.extendedMasterSecret, true, {
      yes: 'answers with extended_master_secret',
      no: 'answers without extended_master_secret',
    }),
};
