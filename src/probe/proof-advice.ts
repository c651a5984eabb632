import { isoSeconds } from '../x509/whole-seconds.js';
import type { Sighting } from './proof-row.js';
import type { PublishedCrl } from './published-crls.js';

/** What the advice on a row draws on. */
export interface ProofAdvice {
  /** Whether a CertificateRequest was seen. */
  readonly requested: boolean | null;
  /** The names that the server says it accepts are there, and ours is not among them. */
  readonly othersOnly: readonly string[];
  /** The CRLs as our CA has published them. */
  readonly crls: readonly PublishedCrl[];
  readonly at: Date;
}

/** Why `good` may have been refused, best first, and what to do. */
export function adviceOnGood({ alert }: Sighting, { othersOnly, crls, at }: ProofAdvice): string {
  if (othersOnly.length > 0)
    return `the server accepts other CAs (${othersOnly.join('; ')}): give it our ca-chain.crt (${CA_LINES})`;
  const expired = crls.find(({ nextUpdate }) => nextUpdate !== null && nextUpdate < at);
  if (expired?.nextUpdate)
    return `the CRL of ${expired.issuer} expired on ${isoSeconds(expired.nextUpdate)}: run \`sslapi gen-crl\`, put crl-chain.pem on the server and reload it`;
  const first = crls.map(({ nextUpdate }) => nextUpdate).find((date) => date !== null);
  const fresh = first ? `ours is good until ${isoSeconds(first)}` : 'see ours with `sslapi gen-crl --check`';
  if (alert === 'certificate_expired')
    return `the certificate has not expired, so the CRL on the server has (${fresh}): put crl-chain.pem there and reload it`;
  return `likely the CRL on the server has expired or lacks a CA (${fresh}; put crl-chain.pem there and reload it), or it does not know our CA (${CA_LINES})`;
}

/** Why a credential that must be refused was let in, and the line to change. */
export function adviceOnAccepted(credential: string, { requested }: ProofAdvice): string {
  if (requested === false) return `no certificate is asked for: ${REQUIRE_LINES}`;
  return ADVICE[credential] ?? `the chain is not verified: ${REQUIRE_LINES}`;
}

const REQUIRE_LINES =
  'nginx `ssl_verify_client on;`, Apache `SSLVerifyClient require`, HAProxy `verify required`, Node `requestCert: true, rejectUnauthorized: true`';
const CA_LINES = 'nginx `ssl_client_certificate`, Apache `SSLCACertificateFile`, HAProxy `ca-file`';
const UNVERIFIED = `the chain is not verified, as with \`optional_no_ca\` or \`rejectUnauthorized: false\`: ${REQUIRE_LINES}`;

const ADVICE: Readonly<Record<string, string>> = {
  none: `certificates are optional here: ${REQUIRE_LINES}; if this page is for everybody, give one that is not with --path, or what only a known client sees with --expect`,
  'self-signed': UNVERIFIED,
  'rogue-ca': `the CA’s key is not checked: ${UNVERIFIED}`,
  expired:
    'dates are not checked: let no error pass (HAProxy without `crt-ignore-err`, nginx without `optional_no_ca`), and see that the clock is right',
  'eku-server-only': `the purpose of the certificate is not checked: ${REQUIRE_LINES}; in code ask for clientAuth (Go \`ExtKeyUsageClientAuth\`)`,
  revoked:
    'no CRL of ours is checked: deploy crl-chain.pem first, then nginx `ssl_crl crl-chain.pem;`, Apache `SSLCARevocationFile crl-chain.pem` with `SSLCARevocationCheck chain`, HAProxy `crl-file crl-chain.pem`, Node `crl: […]`, and reload',
  'spoofed-header':
    'the application believes who only says so: let the proxy set every such field, or take it out (nginx `proxy_set_header X-SSL-Client-Verify $ssl_client_verify;`, Apache `RequestHeader unset`, HAProxy `http-request del-header`, Caddy `header_up -X-SSL-Client-Verify`, Envoy `forward_client_cert_details: SANITIZE_SET`), and let nobody but the proxy reach the application',
  'wrong-identity':
    'every client of the CA may have this: let the application hold the identity in the certificate against the path (nginx `$ssl_client_s_dn`, Apache `Require expr`, HAProxy `ssl_c_s_dn(cn)`, Node `getPeerCertificate().subject`)',
  'plain-http':
    'it is served in clear too: close that port or redirect it (nginx no `error_page 497` and `return 301 https://…`, Apache `Redirect permanent`, HAProxy `redirect scheme https`, Node no `http.createServer` beside it)',
  'other-servername':
    'another virtual host serves the same to strangers: require the certificate in every server block of the port (nginx `default_server` with `ssl_verify_client on;` or `ssl_reject_handshake on;`, Apache `SSLStrictSNIVHostCheck on`, HAProxy `strict-sni`, Caddy and Go: refuse a Host that is not the server_name)',
  'resumed-stranger':
    'a session that began without a certificate counts for one: look for the certificate itself in each request (Node `getPeerCertificate().subject` beside `authorized`, or `rejectUnauthorized: true`; nginx a `ssl_session_ticket_key` and `ssl_session_cache` for each server block; Go a `tls.Config` with session tickets of its own for each `ClientCAs`)',
  'resumed-after-revocation':
    'sessions outlive the revocation, or no CRL got there: deploy crl-chain.pem first (--on-crl), and let sessions end with it (nginx and HAProxy: no shared `ssl_session_ticket_key`/`tls-ticket-keys` over a reload, `ssl_session_tickets off;` with no `ssl_session_cache`; Apache `SSLSessionTickets off`; Node `setTicketKeys()` after `setSecureContext()`)',
};
