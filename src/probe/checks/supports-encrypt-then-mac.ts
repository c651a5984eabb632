import { type Check, notApplicable } from '../check.js';
import { offersNoSuite } from '../suite-finding.js';
import { toldFinding } from '../told-finding.js';

export const supportsEncryptThenMac: Check = {
  id: 'supports-encrypt-then-mac',
  title: 'Encrypts before it authenticates, where a suite is CBC',
  severity: 'info',
  citation: 'RFC 7366 §3; RFC 9325 §4.2',
  remediation:
    'Update the TLS library: OpenSSL has it since 1.1.0; better, take CBC out. nginx: ssl_ciphers ECDHE+AESGCM; Apache: SSLCipherSuite ECDHE+AESGCM; HAProxy: ssl-default-bind-ciphers ECDHE+AESGCM',
  run({ scan }) {
    const offer = offersNoSuite(scan, ({ cbc }) => cbc);
    if (offer.status === 'pass') return notApplicable(`no CBC: ${offer.evidence}`);
    if (offer.status !== 'fail') return offer;
    return toldFinding(scan.hello.encryptThenMac, true, {
      yes: 'answers with encrypt_then_mac',
      no: 'answers without encrypt_then_mac',
    });
  },
};
