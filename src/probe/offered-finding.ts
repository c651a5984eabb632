import { groupName } from '../tls/group.js';
import { signatureSchemeName } from '../tls/signature-scheme.js';
import type { TlsVersion } from '../tls/version.js';
import { type Finding, fail, inconclusive, notApplicable, pass } from './check.js';
import type { Offered, Scan } from './scan.js';
import { notSpoken } from './version-finding.js';

/** The finding of a check that no group of a kind is agreed upon. Servers have one list for all versions before TLS 1.3:
 *  the newest of those tells for the others. */
export function offersNoGroup(scan: Scan, isFaulty: (group: number) => boolean): Finding {
  const older = OLDER_VERSIONS.filter((version) => scan.protocols[version].value !== false);
  const versions = ['TLSv1.3', older[0] ?? 'TLSv1.2', ...older.slice(1)] as const;
  const telling = versions.slice(0, 2);
  return offersNone(scan, { versions, telling, offered: scan.groups, isFaulty, nameOf: groupName });
}

/** The finding of a check that no group of a kind is agreed upon, of a kind that came with TLS 1.3. */
export function offersNoNewGroup(scan: Scan, isFaulty: (group: number) => boolean): Finding {
  const versions = ['TLSv1.3'] as const;
  return offersNone(scan, { versions, telling: versions, offered: scan.groups, isFaulty, nameOf: groupName });
}

/** The finding of a check that no handshake is signed in a way that RFC 8446 §4.4.3 has ended: what TLS 1.3 does not let be seen
 *  is no matter, for its clients would not take it. Before TLS 1.2 the way is not said. */
export function signsWithNo(scan: Scan, isFaulty: (scheme: number) => boolean): Finding {
  return offersNone(scan, {
    versions: ['TLSv1.3', 'TLSv1.2'],
    telling: ['TLSv1.2'],
    offered: scan.signatureSchemes,
    isFaulty,
    nameOf: signatureSchemeName,
  });
}

interface Question {
  readonly versions: readonly TlsVersion[];
  /** Those of them in which something unseen counts. */
  readonly telling: readonly TlsVersion[];
  readonly offered: ReadonlyMap<TlsVersion, Offered>;
  readonly isFaulty: (id: number) => boolean;
  readonly nameOf: (id: number) => string;
}

function offersNone(scan: Scan, { versions, telling, offered, isFaulty, nameOf }: Question): Finding {
  const list = (isMeant: (id: number) => boolean): string =>
    versions
      .map((version) => [version, offered.get(version)?.ids.filter(isMeant) ?? []] as const)
      .filter(([, ids]) => ids.length > 0)
      .map(([version, ids]) => `${version}: ${ids.map(nameOf).join(', ')}`)
      .join('; ');
  const faulty = list(isFaulty);
  if (faulty !== '') return fail(faulty);
  const unspoken = notSpoken(scan, versions);
  if (unspoken !== null) return unspoken;
  for (const version of telling) {
    const { value, why } = scan.protocols[version];
    const unseen = value === false ? null : (why ?? offered.get(version)?.incomplete ?? null);
    if (unseen !== null) return inconclusive(`${version}: ${unseen}`);
  }
  const seen = list(() => true);
  return seen === '' ? notApplicable('there was none to be seen') : pass(seen);
}

/** Those that have groups: SSL 3.0 has no extensions. */
const OLDER_VERSIONS = ['TLSv1.2', 'TLSv1.1', 'TLSv1'] as const;
