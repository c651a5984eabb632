import type { ServerLines } from './server-lines.js';

export const envoy: ServerLines = {
  name: 'Envoy',
  lines: {
    require: '`require_client_certificate: true`',
    verify: '`validation_context` with `trusted_ca`, without `ACCEPT_UNTRUSTED`',
    ca: '`trusted_ca: {filename: ca-chain.crt}`',
    crl: '`crl: {filename: crl-chain.pem}` beside `trusted_ca`',
    'every-crl': '`only_verify_leaf_cert_crl: false`',
    reload: 'a new secret by SDS (`watched_directory`), or a hot restart',
    dates: '`allow_expired_certificate: false`',
    purpose: '`trusted_ca` in the validation_context, and no custom validator that leaves the purpose out',
    length: '`max_verify_depth: 2`',
    headers: '`forward_client_cert_details: SANITIZE_SET`',
    identity: '`match_typed_subject_alt_names`, or an RBAC filter with `authenticated: {principal_name: …}`',
    'plain-http': '`require_tls: ALL` in the virtual host',
    names: 'the same DownstreamTlsContext in every filter chain, and no chain for any server_name',
    sessions:
      '`disable_stateless_session_resumption: true` and `disable_stateful_session_resumption: true`, no `session_ticket_keys`',
    connections: '`max_connection_duration: 60s`',
  },
};
