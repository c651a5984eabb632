import { TLS_VERSIONS, type TlsVersion } from '../tls/version.js';
import { type Finding, fail, inconclusive, notApplicable, pass } from './check.js';
import type { Scan } from './scan.js';

/** The versions that have renegotiation, compression and key exchange by suite. */
export const BEFORE_TLS_1_3: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.1', 'TLSv1', 'SSLv3'];

/** The finding of a check that a version is not offered. */
export function offersNoVersion({ protocols }: Scan, version: TlsVersion): Finding {
  const { value, why } = protocols[version];
  if (value === null) return inconclusive(why);
  return value
    ? fail(`answered an offer of ${version} alone with a ServerHello of that version`)
    : pass(`refused an offer of ${version} alone`);
}

/** The versions that are known to be spoken, oldest first. */
export function spokenVersions({ protocols }: Scan): TlsVersion[] {
  return TLS_VERSIONS.filter((version) => protocols[version].value);
}

/** What to say of a check that is about some versions where none of them is spoken; null where one is. */
export function notSpoken({ protocols }: Scan, versions: readonly TlsVersion[]): Finding | null {
  if (versions.some((version) => protocols[version].value)) return null;
  for (const version of versions) {
    const { why } = protocols[version];
    if (why !== null) return inconclusive(`${version}: ${why}`);
  }
  return notApplicable(`speaks ${versions.length > 1 ? 'none of ' : 'no '}${versions.join(', ')}`);
}
