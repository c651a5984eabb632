import { isoSeconds } from '../x509/whole-seconds.js';
import { CAUSES, type Cause } from './advice/causes.js';
import { likelierByClose, type ServerKind } from './advice/likely-server.js';
import { linesToChange } from './advice/lines-to-change.js';
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
  /** What kind of server it seems to be, the likeliest first. */
  readonly likely: readonly ServerKind[];
  readonly at: Date;
}

/** Why `good` may have been refused, best first, and what to do. */
export function adviceOnGood({ alert, how }: Sighting, advice: ProofAdvice): string {
  const { othersOnly, crls, at } = advice;
  const likely = how === 'closed' ? likelierByClose(advice.likely) : advice.likely;
  if (othersOnly.length > 0)
    return `the server accepts other CAs (${othersOnly.join('; ')}): give it our ca-chain.crt (${linesToChange('ca', likely)})`;
  const expired = crls.find(({ nextUpdate }) => nextUpdate !== null && nextUpdate < at);
  if (expired?.nextUpdate)
    return `the CRL of ${expired.issuer} expired on ${isoSeconds(expired.nextUpdate)}: run \`sslapi gen-crl\`, put crl-chain.pem on the server and reload it (${linesToChange('reload', likely)})`;
  const first = crls.map(({ nextUpdate }) => nextUpdate).find((date) => date !== null);
  const fresh = first ? `ours is good until ${isoSeconds(first)}` : 'see ours with `sslapi gen-crl --check`';
  if (alert === 'certificate_expired')
    return `the certificate has not expired, so the CRL on the server has (${fresh}): put crl-chain.pem there and reload it (${linesToChange('reload', likely)})`;
  return `likely the CRL on the server has expired or lacks a CA (${fresh}; put crl-chain.pem there and reload it: ${linesToChange('every-crl', likely)}), or it does not know our CA, or verifies no chain as long (${linesToChange('ca', likely)})`;
}

/** Why a credential was let in, or a way around led somewhere, and the line to change. */
export function adviceOnAccepted(id: string, { requested, likely }: ProofAdvice): string {
  if (requested === false && id === 'none') return told({ ...CAUSES['none']!, why: NOT_ASKED }, likely);
  return told(CAUSES[id] ?? UNVERIFIED, likely);
}

function told({ why, topic, also }: Cause, likely: readonly ServerKind[]): string {
  return [`${why} (${linesToChange(topic, likely)})`, ...(also === undefined ? [] : [also])].join('; ');
}

const NOT_ASKED = 'no certificate is asked for';
const UNVERIFIED: Cause = { why: 'the chain is not verified', topic: 'verify' };
