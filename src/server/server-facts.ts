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
  const { notAfter } = leafOf(server).validity;
  if (notAfter < now)
    ended.push({
      code: 'server-certificate-expired',
      message: `the server's certificate ended on ${isoSeconds(notAfter)}`,
      fix: 'make a new one: `sslapi renew NAME`; it is shown at once',
    });
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
