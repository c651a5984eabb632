import type { Ssl2Outcome } from '../../tls/exchange-ssl2.js';
import type { TlsVersion } from '../../tls/version.js';
import { type Offered, type OfferedSuites, type Scan, untold } from '../scan.js';
import type { HelloVersion } from './opening.js';
import type { Seen } from './seen.js';
import type { VersionFound } from './version-scan.js';

/** Puts together what was found of each version, oldest first.
 *  @param doubt why there may be more of everything; null where there is no doubt */
export function offeredByVersion(
  found: readonly VersionFound[],
  seen: Seen,
  ssl2: Ssl2Outcome,
  doubt: string | null,
): Pick<Scan, 'cipherSuites' | 'groups' | 'signatureSchemes'> {
  return {
    cipherSuites: new Map([...ssl2Kinds(ssl2), ...byVersion(found, ({ suites }) => suites, doubt)]),
    groups: byVersion(found, (one) => one.groups ?? agreedByTheWay(one.version, seen), doubt),
    signatureSchemes: byVersion(found, ({ schemes }) => schemes, doubt),
  };
}

function ssl2Kinds(ssl2: Ssl2Outcome): Array<[TlsVersion, OfferedSuites]> {
  if (ssl2.kind !== 'ssl2-server-hello') return [];
  const serverOrder = untold('in SSL 2.0 the client chooses');
  return [['SSLv2', { ids: ssl2.serverHello.cipherKinds, incomplete: null, serverOrder }]];
}

/** Versions that are not spoken have no entry. */
function byVersion<T extends Offered>(
  found: readonly VersionFound[],
  offeredOf: (found: VersionFound) => T | null,
  doubt: string | null,
): Map<TlsVersion, T> {
  const entries = found.flatMap((one): Array<[TlsVersion, T]> => {
    const offered = offeredOf(one);
    return offered === null || !one.isSpoken ? [] : [[one.version, doubted(offered, doubt)]];
  });
  return new Map(entries.reverse());
}

function doubted<T extends Offered>(offered: T, doubt: string | null): T {
  return offered.incomplete === null && doubt !== null ? { ...offered, incomplete: doubt } : offered;
}

/** Groups that were agreed upon in a version that was not asked for each. */
function agreedByTheWay(version: HelloVersion, seen: Seen): Offered | null {
  const ids = seen.groupsOf(version);
  return ids.length === 0 ? null : { ids, incomplete: 'only newer versions were asked for each group' };
}
