import type { ServerLines } from './server-lines.js';

export const nginx: ServerLines = {
  name: 'nginx',
  lines: {
    require:
      '`ssl_verify_client on;`, or with `optional` in every location `if ($ssl_client_verify != SUCCESS) { return 403; }`',
    verify: '`ssl_verify_client on;` instead of `optional_no_ca`, no `error_page 495 496 =200`',
    ca: '`ssl_client_certificate ca-chain.crt;` and `ssl_verify_depth 2;`',
    crl: '`ssl_crl crl-chain.pem;`, and reload',
    'every-crl': '`ssl_crl crl-chain.pem;`, which holds the CRL of every CA',
    reload: '`nginx -s reload`',
    dates: '`ssl_verify_client on;` and no `error_page 495 =200`',
    purpose: '`ssl_verify_client on;` and no `error_page 495 =200`',
    strength: '`ssl_ciphers …:@SECLEVEL=2;`',
    length: '`ssl_verify_depth 2;`',
    headers: '`proxy_set_header X-SSL-Client-Verify $ssl_client_verify;`, and `""` for each of the others',
    identity: '`if ($ssl_client_s_dn != "CN=alice") { return 403; }`',
    'plain-http': 'no `error_page 497 =200`; on port 80 `return 301 https://$host$request_uri;`',
    names:
      '`ssl_verify_client on;` in every server block of the port, or `ssl_reject_handshake on;` in the `default_server`',
    sessions: '`ssl_session_tickets off;` and `ssl_session_cache off;`, no `ssl_session_ticket_key`',
    connections: '`worker_shutdown_timeout 10s;` and `keepalive_timeout 30s;`',
  },
};
