import { fingerprint256 } from '../x509/fingerprint.js';
import { type Observations, spokenHandshakes } from './observations.js';
import type { ShownChain } from './scan.js';

/** The distinct chains that handshakes for the name came with, newest version first. */
export function shownChains(observations: Pick<Observations, 'handshakes'>): ShownChain[] {
  const shown = spokenHandshakes(observations).flatMap(([, { flight }]): ShownChain[] =>
    flight.certificate === null || flight.certificate.chain.length === 0
      ? []
      : [{ asked: 'by-name', ...flight.certificate }],
  );
  const distinct = new Map<string, ShownChain>();
  for (const one of shown) {
    const key = one.chain.map(fingerprint256).join();
    const known = distinct.get(key);
    if (known === undefined || (known.ocspResponse === null && one.ocspResponse !== null))
      distinct.set(key, one);
  }
  return [...distinct.values()];
}
