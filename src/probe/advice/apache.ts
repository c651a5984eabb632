import type { ServerLines } from './server-lines.js';

export const apache: ServerLines = {
  name: 'Apache',
  lines: {
    require: '`SSLVerifyClient require`, or with `optional` in every location `Require ssl-verify-client`',
    verify: '`SSLVerifyClient require` instead of `optional_no_ca`',
    ca: '`SSLCACertificateFile ca-chain.crt` and `SSLVerifyDepth 2`',
    crl: '`SSLCARevocationFile crl-chain.pem` with `SSLCARevocationCheck chain`, and reload',
    'every-crl': '`SSLCARevocationCheck chain`, not `leaf` and without `no_crl_for_cert_ok`',
    reload: '`apache2ctl graceful`',
    dates: '`SSLVerifyClient require`',
    purpose: '`SSLVerifyClient require`',
    strength: '`SSLCipherSuite …:@SECLEVEL=2`',
    length: '`SSLVerifyDepth 2`',
    headers:
      '`RequestHeader set X-SSL-Client-Verify "expr=%{SSL_CLIENT_VERIFY}"`, and `RequestHeader unset` for each of the others',
    identity: '`Require expr "%{SSL_CLIENT_S_DN} == \'CN=alice\'"`',
    'plain-http':
      'no virtual host of that port without `SSLEngine on`; on port 80 `Redirect permanent / https://…/`',
    names: '`SSLVerifyClient require` in every virtual host of the port, and `SSLStrictSNIVHostCheck on`',
    sessions: '`SSLSessionTickets off`, no `SSLSessionTicketKeyFile`',
    connections: '`KeepAliveTimeout 30`, `MaxKeepAliveRequests 100`',
  },
};
