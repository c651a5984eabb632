import type { ServerLines } from './server-lines.js';

export const haproxy: ServerLines = {
  name: 'HAProxy',
  lines: {
    require:
      '`verify required`, or with `optional` `http-request deny unless { ssl_c_used } { ssl_c_verify 0 }`',
    verify: '`verify required ca-file ca-chain.crt` without `crt-ignore-err` and `ca-ignore-err`',
    ca: '`ca-file ca-chain.crt`',
    crl: '`crl-file crl-chain.pem`, without `crt-ignore-err 23`, and reload',
    'every-crl': '`crl-file crl-chain.pem`, which holds the CRL of every CA, without `ca-ignore-err`',
    reload: '`systemctl reload haproxy`',
    dates: 'no 9, 10 or `all` in `crt-ignore-err` and `ca-ignore-err`',
    purpose: 'no 26 or `all` in `crt-ignore-err`',
    strength: '`ciphers …:@SECLEVEL=2`',
    headers:
      '`http-request del-header` for each such field, then `http-request set-header X-SSL-Client-Verify SUCCESS if { ssl_c_used } { ssl_c_verify 0 }`',
    identity: '`http-request deny deny_status 403 if !{ ssl_c_s_dn(,0,rfc2253) -m str CN=alice }`',
    'plain-http': '`http-request redirect scheme https unless { ssl_fc }`',
    names: '`strict-sni`, and `[verify required …]` on every line of the `crt-list`',
    sessions: '`no-tls-tickets` and `tune.ssl.cachesize 0`, no `tls-ticket-keys`',
    connections: '`hard-stop-after 10s`, `timeout http-keep-alive 30s`',
  },
};
