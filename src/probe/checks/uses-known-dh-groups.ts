import { dhGroupName } from '../../tls/dh-group.js';
import type { Check } from '../check.js';
import { dhFinding } from '../dh-finding.js';

/** No client can tell of a prime of one’s own, in the midst of a handshake, that it is a safe one. */
export const usesKnownDhGroups: Check = {
  id: 'uses-known-dh-groups',
  title: 'Agrees on Diffie-Hellman groups that are known to be sound',
  severity: 'info',
  citation: 'RFC 7919 §1',
  remediation:
    'nginx: ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20, or ssl_dhparam with ffdhe2048; Apache: SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20, or SSLOpenSSLConfCmd DHParameters; HAProxy: ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20, or tune.ssl.default-dh-param 2048',
  run: ({ scan }) => dhFinding(scan, ({ prime }) => dhGroupName(prime) === null),
};
