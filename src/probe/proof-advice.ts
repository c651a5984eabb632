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
};
