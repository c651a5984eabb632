import type { Revocation } from '../store/store.js';
import type { Certificate } from '../x509/certificate.js';
import { sameName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import type { ClientAuthority } from './client-authority.js';
import { leafOf } from './server-certificate.js';
import type { ServerCertificate } from './server-settings.js';

/** Why a server cannot do its work, and what helps. */
export interface Impediment {
  readonly code:
    | 'store-unavailable'
    | 'crl-expired'
    | 'ca-expired'
    | 'server-certificate-expired'
    | 'server-certificate-revoked'
    | 'stopping';
  readonly message: string;
  readonly fix: string;
}

/** What of all that a server needs has ended. @throws where the store cannot be asked */
export async function endedFacts(
  ca: ClientAuthority,
  server: ServerCertificate,
  now: Date,
): Promise<Impediment[]> {
  const ended: Impediment[] = [];
  const leaf = leafOf(server);
  const { notAfter } = leaf.validity;
  if (notAfter < now)
    ended.push({
      code: 'server-certificate-expired',
      message: `the server's certificate ended on ${isoSeconds(notAfter)}`,
      fix: 'make a new one: `sslapi renew NAME`; it is shown at once',
    });
  const revocation = await revocationOf(ca, leaf);
  if (revocation !== null) ended.push({ code: 'server-certificate-revoked', ...revokedInWords(revocation) });
  for (const { id, parsed } of [ca.issuing, ...(ca.root === null ? [] : [ca.root])])
    if (parsed.validity.notAfter < now)
      ended.push({
        code: 'ca-expired',
        message: `the CA "${id}" ended on ${isoSeconds(parsed.validity.notAfter)}`,
        fix: 'make another CA: `sslapi init-ca`',
      });
  for (const { role, nextUpdate } of await ca.crlEnds())
    if (nextUpdate < now)
      ended.push({
        code: 'crl-expired',
        message: `the CRL of "${role}" ended on ${isoSeconds(nextUpdate)}: servers that read it refuse everybody`,
        fix: 'make a new one: `sslapi gen-crl`',
      });
  return ended;
}

/** Whether its own CA took back what a server shows; null where it stands, or another CA gave it out. */
export async function revocationOf(ca: ClientAuthority, leaf: Certificate): Promise<Revocation | null> {
  if (!sameName(leaf.issuer, ca.issuing.parsed.subject)) return null;
  const revocation = await ca.revocationOf(serialNumberHex(leaf.serialNumber), ca.issuing.id);
  return revocation === 'unknown' ? null : revocation;
}

/** What that means, and what helps. */
export function revokedInWords({ revocationDate, reason }: Revocation): Pick<Impediment, 'message' | 'fix'> {
  return {
    message: `the server's certificate was revoked on ${isoSeconds(revocationDate)} (${reason}): clients that ask refuse it`,
    fix: 'make a new one: `sslapi issue-server NAME --force`; it is shown at once',
  };
}
