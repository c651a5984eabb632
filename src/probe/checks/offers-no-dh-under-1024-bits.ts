import type { Check } from '../check.js';
import { dhFinding } from '../dh-finding.js';

export const offersNoDhUnder1024Bits: Check = {
  id: 'offers-no-dh-under-1024-bits',
  title: 'Agrees on no Diffie-Hellman group that anyone can break',
  severity: 'critical',
  citation: 'RFC 9325 §4.5; CVE-2015-4000',
  remediation:
    'nginx: ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20, or ssl_dhparam with ffdhe2048; Apache: SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20, or SSLOpenSSLConfCmd DHParameters; HAProxy: ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20, or tune.ssl.default-dh-param 2048',
  run: ({ scan }) => dhFinding(scan, ({ primeBits }) => primeBits < 1024),
};
