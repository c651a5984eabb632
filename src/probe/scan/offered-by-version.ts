import type { Ssl2Outcome } from '../../tls/exchange-ssl2.js';
import { GROUP } from '../../tls/group.js';
import type { TlsVersion } from '../../tls/version.js';
import { type Offered, type OfferedSuites, type Scan, untold } from '../scan.js';
import { groupsOf } from './offers.js';
import type { HelloVersion } from './opening.js';
import type { Seen } from './seen.js';
import type { VersionFound } from './version-scan.js';

/** Puts together what was found of each version, oldest first. Groups and schemes stand as the tables have them: which answer
 *  came first is a matter of load and of distance, and the same server must be told the same.
 *  @param doubt why there may be more of everything; null where there is no doubt */
export function offeredByVersion(
  found: readonly VersionFound[],
  seen: Seen,
  ssl2: Ssl2Outcome,
  doubt: string | null,
): Pick<Scan, 'cipherSuites' | 'groups' | 'signatureSchemes'> {
  return {
    cipherSuites: new Map([...ssl2Kinds(ssl2), ...byVersion(found, ({ suites }) => suites, doubt)]),
    groups: byVersion(
      found,
      (one) => inOrder(one.groups ?? agreedByTheWay(one.version, seen), byGroup),
      doubt,
    ),
    signatureSchemes: byVersion(found, ({ schemes }) => inOrder(schemes, byNumber), doubt),
  };
}

type Comparison = (a: number, b: number) => number;

function inOrder(offered: Offered | null, compare: Comparison): Offered | null {
  return offered && { ...offered, ids: [...offered.ids].sort(compare) };
}

const byNumber: Comparison = (a, b) => a - b;
const byGroup: Comparison = (a, b) => GROUP_ORDER.indexOf(a) - GROUP_ORDER.indexOf(b);

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

/** Hybrids of ML-KEM, then as browsers have them. */
const GROUP_ORDER = [
  ...new Set([
    GROUP.X25519MLKEM768,
    GROUP.SecP256r1MLKEM768,
    GROUP.SecP384r1MLKEM1024,
    ...groupsOf('TLSv1.3'),
  ]),
];
