import type { ServerLines } from './server-lines.js';

export const caddy: ServerLines = {
  name: 'Caddy',
  lines: {
    require: '`mode require_and_verify`',
    verify: '`mode require_and_verify` instead of `request` or `require`',
    ca: '`trusted_ca_cert_file` once for each certificate of ca-chain.crt (it reads the first of a file)',
    crl: 'has no CRLs: give clients days instead of years (`sslapi issue-client --days 1`), or put a server with CRLs before it',
    'every-crl': 'has no CRLs: put a server with CRLs before it',
    dates: '`mode require_and_verify`',
    purpose: '`mode require_and_verify`; in Go `KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}`',
    strength: 'none: let the CA sign no such key (pki/issue-policy.json)',
    headers: '`header_up -X-SSL-Client-*`, then `header_up X-SSL-Client-Subject {tls_client_subject}`',
    identity: '`@other not vars_regexp {tls_client_subject} ^CN=alice$` with `respond @other 403`',
    'plain-http': '`redir https://{host}{uri}` on port 80',
    names: '`client_auth` for every site of the port, `strict_sni_host on` in the servers’ options',
    sessions: '`session_tickets off` is JSON alone: `"session_tickets": {"disabled": true}`',
    connections: '`grace_period 10s`, `idle 30s` in the servers’ `timeouts`',
  },
};
