import type { CipherSuite } from '../../tls/cipher-suite.js';
import type { TlsVersion } from '../../tls/version.js';
import { type Check, fail, inconclusive, pass } from '../check.js';
import type { Scan } from '../scan.js';
import { offeredSuites, whyMoreSuites } from '../suite-finding.js';
import { notSpoken } from '../version-finding.js';

/** Where all suites are equally strong, the order may be the client's, who knows what its hardware is good at. */
export const prefersStrongSuites: Check = {
  id: 'prefers-strong-suites',
  title: 'Chooses strong suites before weak ones, whatever the client prefers',
  severity: 'low',
  citation: 'RFC 9325 §4.2.1',
  remediation:
    'nginx: ssl_prefer_server_ciphers on; Apache: SSLHonorCipherOrder on; HAProxy: ssl-default-bind-options prefer-server-ciphers; and name the suites with ECDHE and GCM or ChaCha20 first',
  run({ scan }) {
    const offered = ORDERED_VERSIONS.flatMap((version) => {
      const suites = scan.cipherSuites.get(version);
      return suites === undefined ? [] : [[version, suites] as const];
    });
    const mixed = offered.filter(([version]) => isMixed(scan, version));
    const faults = mixed.flatMap(([version, { serverOrder }]) => {
      if (serverOrder.value === false) return [`${version}: chooses in the client’s order, weak suites too`];
      return serverOrder.value === true ? misplaced(scan, version) : [];
    });
    if (faults.length > 0) return fail(faults.join('; '));
    const why = whyMoreSuites(scan, (suite) => strength(suite) < STRONGEST);
    const untold = mixed.flatMap(([version, { serverOrder }]) =>
      serverOrder.why === null ? [] : [`${version}: ${serverOrder.why}`],
    );
    if (why !== null || untold.length > 0) return inconclusive([...untold, why ?? []].flat().join('; '));
    if (mixed.length > 0)
      return pass(`the strong ones first in ${mixed.map(([version]) => version).join(', ')}`);
    return notSpoken(scan, ORDERED_VERSIONS) ?? pass('no suite is weaker than another');
  },
};

/** Whether a version has suites of different strength. */
function isMixed(scan: Scan, version: TlsVersion): boolean {
  return new Set(suitesOf(scan, version).map(strength)).size > 1;
}

/** A suite that stands before a stronger one. */
function misplaced(scan: Scan, version: TlsVersion): string[] {
  const suites = suitesOf(scan, version);
  for (const [at, suite] of suites.entries()) {
    const stronger = suites.slice(at + 1).find((later) => strength(later) > strength(suite));
    if (stronger) return [`${version}: ${suite.name} before ${stronger.name}`];
  }
  return [];
}

function suitesOf(scan: Scan, version: TlsVersion): CipherSuite[] {
  return offeredSuites(scan).flatMap((offered) => (offered.version === version ? [offered.suite] : []));
}

/** RFC 9325 §4.1 and §4.2: forward secrecy first, then AEAD, and nothing broken. */
function strength({ strengthBits, anonymous, encryption, forwardSecret, aead }: CipherSuite): number {
  if (strengthBits < 128 || anonymous || encryption.startsWith('RC4')) return 0;
  return 1 + (forwardSecret ? 2 : 0) + (aead && forwardSecret ? 1 : 0);
}

const STRONGEST = 4;
const ORDERED_VERSIONS: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1', 'SSLv3'];
