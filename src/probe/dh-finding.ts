import { cipherSuiteName } from '../tls/cipher-suite.js';
import { dhGroupName } from '../tls/dh-group.js';
import { type Finding, fail, inconclusive, pass } from './check.js';
import type { DhParameters, Scan } from './scan.js';
import { offersNoSuite, type SuiteTest } from './suite-finding.js';

/** The finding of a check on the finite-field groups of DHE suites: those that are at fault, or what kept them from sight. */
export function dhFinding(scan: Scan, isFaulty: (group: DhParameters) => boolean): Finding {
  const faulty = scan.dhParameters.filter(isFaulty);
  if (faulty.length > 0) return fail(dhList(faulty));
  if (scan.dhParameters.length > 0) return pass(dhList(scan.dhParameters));
  const offer = offersNoSuite(scan, usesDhe);
  switch (offer.status) {
    case 'pass':
      return { status: 'not-applicable', evidence: `no suite with DHE: ${offer.evidence}` };
    case 'fail':
      return inconclusive(`no ServerKeyExchange was seen of ${offer.evidence}`);
    case 'inconclusive':
    case 'not-applicable':
      return offer;
  }
}

/** Groups in one line, `1024 bits, MODP 1024 of RFC 2409 (TLSv1.2, TLS_DHE_…)`. */
export function dhList(groups: readonly DhParameters[]): string {
  return groups
    .map(({ primeBits, prime, version, cipherSuite }) => {
      const name = dhGroupName(prime) ?? 'a group of its own';
      return `${primeBits} bits, ${name} (${version}, ${cipherSuiteName(cipherSuite)})`;
    })
    .join('; ');
}

const usesDhe: SuiteTest = ({ keyExchange }) => keyExchange.startsWith('DHE');
