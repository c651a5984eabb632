/** Directives that several checks advise. Cipher strings are OpenSSL's; they leave TLS 1.3 as it is. */

/** Leaves TLS 1.2 and 1.3. */
export const TODAYS_VERSIONS =
  'nginx: ssl_protocols TLSv1.2 TLSv1.3; Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3; HAProxy: ssl-default-bind-options ssl-min-ver TLSv1.2';

/** Leaves suites of forward secrecy and AEAD. */
export const STRONG_SUITES =
  'nginx: ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20; Apache: SSLCipherSuite ECDHE+AESGCM:ECDHE+CHACHA20; HAProxy: ssl-default-bind-ciphers ECDHE+AESGCM:ECDHE+CHACHA20';
