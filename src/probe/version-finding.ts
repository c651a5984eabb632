import type { TlsVersion } from '../tls/version.js';
import { type Finding, fail, inconclusive, pass } from './check.js';
import { type Observations, speaks } from './observations.js';

/** The finding of a check that a version is not offered. */
export function refusesVersion({ handshakes }: Observations, version: TlsVersion): Finding {
  switch (speaks(handshakes, version)) {
    case true:
      return fail(`answered an offer of ${version} alone with a ServerHello of that version`);
    case false:
      return pass(`refused an offer of ${version} alone`);
    case null:
      return inconclusive(
        `an offer of ${version} alone ended in: ${handshakes.get(version)?.kind ?? 'not asked'}`,
      );
  }
}
