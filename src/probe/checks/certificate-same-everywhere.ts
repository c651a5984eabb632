import { fingerprint256 } from '../../x509/fingerprint.js';
import { type Check, fail, inconclusive, pass } from '../check.js';
import { chainsForName, keyOf } from '../each-chain.js';

/** A server may have one certificate for each kind of key; two of a kind come of servers that were not all reloaded. */
export const certificateSameEverywhere: Check = {
  id: 'certificate-same-everywhere',
  title: 'Shows the same certificate in every handshake',
  severity: 'medium',
  citation: 'CWE-440',
  remediation: 'Put the new certificate on every server behind the name, and reload each.',
  run({ chains }) {
    const named = chainsForName(chains);
    if (named.length === 0) return inconclusive('no certificate was seen');
    const kinds = new Map<string, Set<string>>();
    for (const chain of named) {
      const kind = keyOf(chain).split('-')[0]!;
      kinds.set(kind, (kinds.get(kind) ?? new Set()).add(fingerprint256(chain.chain[0]!)));
    }
    const several = [...kinds].filter(([, fingerprints]) => fingerprints.size > 1);
    if (several.length === 0)
      return pass([...kinds.keys()].map((kind) => `one with a key of ${kind}`).join(', '));
    return fail(several.map(([kind, { size }]) => `${size} with keys of ${kind}`).join(', '));
  },
};
