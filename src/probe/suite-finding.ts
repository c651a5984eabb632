import { type CipherSuite, cipherSuite, cipherSuitesOf } from '../tls/cipher-suite.js';
import { TLS_VERSIONS, type TlsVersion, versionNumber } from '../tls/version.js';
import { type Finding, fail, inconclusive, pass } from './check.js';
import type { Scan } from './scan.js';
import { notSpoken } from './version-finding.js';

/** A suite in a version that it is offered in. */
export interface OfferedSuite {
  readonly version: TlsVersion;
  readonly suite: CipherSuite;
}

/** Whether a suite is of the kind that a check is about, in a version. */
export type SuiteTest = (suite: CipherSuite, version: TlsVersion) => boolean;

/** All suites on offer, the newest version first and each in the server's order. The cipher kinds of SSL 2.0 are not among
 *  them: no suite makes that version better or worse than it is. */
export function offeredSuites({ cipherSuites }: Scan): OfferedSuite[] {
  return SUITE_VERSIONS.flatMap((version) =>
    (cipherSuites.get(version)?.ids ?? []).flatMap((id) => {
      const suite = cipherSuite(id);
      return suite === null ? [] : [{ version, suite }];
    }),
  );
}

/** The finding of a check that no suite of a kind is offered. */
export function offersNoSuite(scan: Scan, isFaulty: SuiteTest): Finding {
  const offered = offeredSuites(scan);
  const faulty = offered.filter(({ suite, version }) => isFaulty(suite, version));
  if (faulty.length > 0) return fail(suiteList(faulty));
  const why = whyMoreSuites(scan, isFaulty);
  if (why !== null) return inconclusive(why);
  return notSpoken(scan, SUITE_VERSIONS) ?? pass(`none among ${suiteCount(offered)}`);
}

/** The finding of a check that each of these versions, where it is spoken, has a suite of a kind. */
export function offersSuiteInEach(
  scan: Scan,
  isGood: SuiteTest,
  versions: readonly TlsVersion[] = SUITE_VERSIONS,
): Finding {
  const unspoken = notSpoken(scan, versions);
  if (unspoken !== null) return unspoken;
  const good = offeredSuites(scan).filter(
    ({ suite, version }) => versions.includes(version) && isGood(suite, version),
  );
  const without = versions.filter(
    (version) =>
      scan.protocols[version].value !== false && !good.some((offered) => offered.version === version),
  );
  const why = whyMoreSuites(scan, isGood, without);
  const lacking = without.filter((version) => scan.cipherSuites.get(version)?.incomplete === null);
  if (lacking.length > 0) return fail(`none in ${lacking.join(', ')}`);
  return why === null ? pass(suiteList(good)) : inconclusive(why);
}

/** Why suites of a kind may be offered that were not seen; null where there can be none. */
export function whyMoreSuites(
  scan: Scan,
  isSought: SuiteTest,
  versions: readonly TlsVersion[] = SUITE_VERSIONS,
): string | null {
  for (const version of versions) {
    const { value, why } = scan.protocols[version];
    if (value === false) continue;
    const suites = scan.cipherSuites.get(version);
    const reason =
      value === null ? why : suites === undefined ? 'its suites were not seen' : suites.incomplete;
    if (reason !== null && isPossible(version, isSought)) return `${version}: ${reason}`;
  }
  return null;
}

/** Suites by version in one line, `TLSv1.2: A, B; TLSv1: A`. */
export function suiteList(offered: readonly OfferedSuite[]): string {
  return SUITE_VERSIONS.flatMap((version) => {
    const names = offered.filter((one) => one.version === version).map(({ suite }) => suite.name);
    const rest = names.length - SHOWN_AT_MOST;
    const shown = rest > 0 ? [...names.slice(0, SHOWN_AT_MOST), `and ${rest} more`] : names;
    return names.length === 0 ? [] : [`${version}: ${shown.join(', ')}`];
  }).join('; ');
}

function suiteCount(offered: readonly OfferedSuite[]): string {
  const versions = SUITE_VERSIONS.filter((version) => offered.some((one) => one.version === version));
  return `${offered.length} suites of ${versions.join(', ')}`;
}

/** Whether the version knows such a suite at all; TLS 1.3 has neither RC4 nor CBC to hide. */
function isPossible(version: TlsVersion, isSought: SuiteTest): boolean {
  return cipherSuitesOf(version, { mayMisbehave: true }).some((id) => isSought(cipherSuite(id)!, version));
}

const SUITE_VERSIONS: readonly TlsVersion[] = TLS_VERSIONS.filter(
  (version) => versionNumber(version) >= versionNumber('SSLv3'),
).reverse();

const SHOWN_AT_MOST = 8;
