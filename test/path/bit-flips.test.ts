import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REFUSALS } from '../../src/path/path-result.js';
import { UNFORESEEN, type VerifyRequest, verifyCertificate } from '../../src/path/verify-certificate.js';
import { makeCa, makeCrl, makeLeaf, makeRsaKey, NOW } from './certificate-maker.js';

const root = makeCa('CN=Root');
const issuing = makeCa('CN=Issuing', { issuer: root });
const leaf = makeLeaf(issuing, 'api.test');
const good: VerifyRequest = {
  leaf: leaf.der,
  trusted: [root.der],
  untrusted: [issuing.der],
  at: NOW,
  purpose: 'server',
  names: [{ type: 'dns', value: 'api.test' }],
};

function flipped(octets: Uint8Array, bit: number): Uint8Array {
  const changed = Uint8Array.from(octets);
  changed[bit >> 3] = changed[bit >> 3]! ^ (0x80 >> (bit & 7));
  return changed;
}

/** The bits whose flipping was not refused with a reason. */
function survivors(octets: Uint8Array, ask: (changed: Uint8Array) => VerifyRequest): number[] {
  return Array.from({ length: octets.length * 8 }, (_, bit) => bit).filter((bit) => {
    const result = verifyCertificate(ask(flipped(octets, bit)));
    return result.ok || !(result.reason in REFUSALS) || result.message.startsWith(UNFORESEEN);
  });
}

describe('any single bit flipped is refused, with a reason', () => {
  it('in the leaf', () => {
    expect(verifyCertificate(good).ok).toBe(true);
    expect(survivors(leaf.der, (changed) => ({ ...good, leaf: changed }))).toEqual([]);
  });

  it('in an intermediate', () => {
    expect(survivors(issuing.der, (changed) => ({ ...good, untrusted: [changed] }))).toEqual([]);
  });

  it('in a CRL', () => {
    const crls = [makeCrl(root), makeCrl(issuing)] as const;

    expect(verifyCertificate({ ...good, crls }).ok).toBe(true);
    expect(survivors(crls[1], (changed) => ({ ...good, crls: [crls[0], changed] }))).toEqual([]);
  });

  it('in a chain of RSA keys', () => {
    const top = makeCa('CN=Top', { key: makeRsaKey() });
    const below = makeLeaf(top, 'api.test', { key: makeRsaKey() });

    fc.assert(
      fc.property(fc.nat(below.der.length * 8 - 1), (bit) => {
        const result = verifyCertificate({ ...good, leaf: flipped(below.der, bit), trusted: [top.der] });
        return !result.ok && result.reason in REFUSALS;
      }),
      { numRuns: 1000 },
    );
  });
});

it('in a trust anchor no flipped bit makes anything throw; its own signature is nobody’s to check', () => {
  const verdicts = Array.from({ length: root.der.length * 8 }, (_, bit) =>
    verifyCertificate({ ...good, trusted: [flipped(root.der, bit)] }),
  );

  expect(verdicts.filter((result) => !result.ok && !(result.reason in REFUSALS))).toEqual([]);
});
