import { describe, expect, it } from 'vitest';
import { nameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { OID } from '../../src/x509/oid.js';
import { type Made, makeCa, makeKey, makeLeaf, NOW } from './certificate-maker.js';
import { verdictOf, verifyMade } from './verify-made.js';

const root = makeCa('CN=Root');
const issuing = makeCa('CN=Issuing', { issuer: root });
const leaf = makeLeaf(issuing, 'api.test');
const yesterday = new Date(NOW.getTime() - 86_400_000);

describe('a path is found', () => {
  it('from the leaf over an intermediate to the anchor, and told in that order', () => {
    const result = verifyMade(leaf, { trusted: [root], untrusted: [issuing] });

    expect(result.ok && result.path.map(({ der }) => der)).toEqual([leaf.der, issuing.der, root.der]);
  });

  it('to an anchor that is not self-signed', () => {
    expect(verdictOf(leaf, { trusted: [issuing] })).toBe('accepted');
  });

  it('where the certificate is itself trusted', () => {
    expect(verdictOf(leaf, { trusted: [leaf] })).toBe('accepted');
  });

  it('past an intermediate of the same key that leads nowhere', () => {
    const lost = makeCa('CN=Issuing', { issuer: makeCa('CN=Elsewhere'), key: issuing.key });

    expect(verdictOf(leaf, { trusted: [root], untrusted: [lost, issuing] })).toBe('accepted');
  });

  it('past an intermediate that has expired', () => {
    const old = makeCa('CN=Issuing', { issuer: root, key: issuing.key, notAfter: yesterday });

    expect(verdictOf(leaf, { trusted: [root], untrusted: [old, issuing] })).toBe('accepted');
  });

  it('past an intermediate whose constraints forbid the name: they show at the end of the path only', () => {
    const other = { type: 'dNSName', value: 'other.test' } as const;
    const constrained = makeCa('CN=Issuing', {
      issuer: root,
      key: issuing.key,
      more: [nameConstraints({ permittedSubtrees: [other], excludedSubtrees: [] })],
    });

    expect(verdictOf(leaf, { trusted: [root], untrusted: [constrained, issuing] })).toBe('accepted');
  });

  it('to the right one of two roots with one name', () => {
    const namesake = makeCa('CN=Root');

    expect(verdictOf(leaf, { trusted: [namesake, root], untrusted: [issuing] })).toBe('accepted');
  });

  it('over a cross-certificate to another root', () => {
    const other = makeCa('CN=Other Root');
    const crossed = makeCa('CN=Root', { issuer: other, key: root.key });

    expect(verdictOf(leaf, { trusted: [other], untrusted: [issuing, crossed] })).toBe('accepted');
  });

  it('over the new key of a root, certified by the old one', () => {
    const rolled = makeCa('CN=Root', { issuer: root });
    const below = makeLeaf(rolled, 'api.test');

    expect(verdictOf(below, { trusted: [root], untrusted: [rolled] })).toBe('accepted');
  });

  it('with the chain handed in upside down and other certificates between', () => {
    const [second, stranger] = [makeCa('CN=Second', { issuer: issuing }), makeCa('CN=Stranger')];
    const below = makeLeaf(second, 'api.test');

    expect(verdictOf(below, { trusted: [root], untrusted: [root, stranger, issuing, leaf, second] })).toBe(
      'accepted',
    );
  });
});

describe('no path is found', () => {
  it('without the intermediate', () => {
    expect(verdictOf(leaf, { trusted: [root] })).toBe('issuer-not-found');
  });

  it('to a root that is not trusted, though it is at hand', () => {
    const question = { trusted: [makeCa('CN=Else')], untrusted: [issuing, root] };

    expect(verdictOf(leaf, question)).toBe('root-not-trusted');
  });

  it('for a self-signed certificate that is not trusted', () => {
    expect(verdictOf(makeCa('CN=Self'), { trusted: [root] })).toBe('root-not-trusted');
    expect(verdictOf(makeCa('CN=Self', { without: [OID.authorityKeyIdentifier] }), { trusted: [root] })).toBe(
      'root-not-trusted',
    );
  });

  it('to a root of the right name and key identifier, but another key', () => {
    const ski = issuing.certificate.extensions.find(({ oid }) => oid === OID.subjectKeyIdentifier)!;
    const rogue = makeCa('CN=Issuing', { more: [ski] });

    expect(verdictOf(leaf, { trusted: [rogue] })).toBe('signature-invalid');
  });

  it('with more intermediates than asked for; self-issued ones do not count', () => {
    const second = makeCa('CN=Second', { issuer: issuing });
    const rolled = makeCa('CN=Second', { issuer: second });
    const below = makeLeaf(rolled, 'api.test');
    const question = { trusted: [root], untrusted: [issuing, second, rolled] };

    expect(verdictOf(below, { ...question, maxDepth: 2 })).toBe('accepted');
    expect(verdictOf(below, { ...question, maxDepth: 1 })).toBe('max-depth-exceeded');
    expect(verdictOf(leaf, { trusted: [root], untrusted: [issuing], maxDepth: 0 })).toBe(
      'max-depth-exceeded',
    );
    expect(verdictOf(leaf, { trusted: [issuing], maxDepth: 0 })).toBe('accepted');
  });
});

describe('a search ends', () => {
  it('among CAs that sign each other', () => {
    const [one, two] = [makeCa('CN=One'), makeCa('CN=Two')];
    const circle = [
      makeCa('CN=One', { issuer: two, key: one.key }),
      makeCa('CN=Two', { issuer: one, key: two.key }),
    ];

    expect(verdictOf(makeLeaf(one, 'api.test'), { trusted: [root], untrusted: circle })).toBe(
      'issuer-not-found',
    );
  });

  it('among a hundred CAs of one name and key', () => {
    const key = makeKey();
    const [first] = [makeCa('CN=Many', { key })];
    const many = Array.from({ length: 100 }, (_, index) =>
      makeCa('CN=Many', { key, issuer: first!, serialNumber: BigInt(index + 1) }),
    );

    expect(verdictOf(makeLeaf(first!, 'api.test'), { trusted: [root], untrusted: many })).toBe(
      'root-not-trusted',
    );
  });

  it('with a reason after a hundred signatures, among CAs of one name and many keys that sign each other', () => {
    const keys = Array.from({ length: 12 }, () => makeCa('CN=Many', { without: IDENTIFIERS }));
    const mesh = keys.flatMap((issuer) =>
      keys
        .filter((other) => other !== issuer)
        .map(({ key }) => makeCa('CN=Many', { issuer, key, more: anyIdentifier(root) })),
    );
    const start = performance.now();

    const verdict = verdictOf(makeLeaf(keys[0]!, 'api.test', { more: anyIdentifier(root) }), {
      trusted: [root],
      untrusted: mesh,
    });

    expect(verdict).toBe('signature-budget-exceeded');
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('with a reason after a thousand paths that will not do', () => {
    const layers = mesh(4, 6);

    const verdict = verdictOf(layers.leaf, {
      trusted: [root],
      untrusted: layers.cas,
      names: [{ type: 'dns', value: 'other.test' }],
    });

    expect(verdict).toBe('path-budget-exceeded');
  });

  it('with a reason after ten thousand certificates that lead to no anchor', () => {
    const layers = mesh(5, 8);

    expect(verdictOf(layers.leaf, { trusted: [makeCa('CN=Else')], untrusted: layers.cas })).toBe(
      'path-budget-exceeded',
    );
  });

  it('at a path of fifty intermediates, which it finds', () => {
    const chain: Made[] = [];
    for (let depth = 0; depth < 50; depth += 1)
      chain.push(makeCa(`CN=CA ${depth}`, { issuer: chain[depth - 1] ?? root }));

    expect(verdictOf(makeLeaf(chain[49]!, 'api.test'), { trusted: [root], untrusted: chain })).toBe(
      'accepted',
    );
  });
});

/** Layers of CAs of one name and key each, every one of a layer good for every one of the next. */
function mesh(layers: number, width: number): { leaf: Made; cas: Made[] } {
  const cas: Made[] = [];
  let above = root;
  for (let layer = 0; layer < layers; layer += 1) {
    const key = makeKey();
    const row = Array.from({ length: width }, (_, index) =>
      makeCa(`CN=Layer ${layer}`, { issuer: above, key, serialNumber: BigInt(index + 1) }),
    );
    cas.push(...row);
    above = row[0]!;
  }
  return { leaf: makeLeaf(above, 'api.test'), cas };
}

const IDENTIFIERS = [OID.authorityKeyIdentifier, OID.subjectKeyIdentifier];

/** An authorityKeyIdentifier that helps nobody to tell the candidates apart. */
function anyIdentifier({ certificate }: Made) {
  return certificate.extensions
    .filter(({ oid }) => oid === OID.subjectKeyIdentifier)
    .flatMap((ski) => [
      ski,
      {
        oid: OID.authorityKeyIdentifier,
        critical: false,
        value: Uint8Array.of(0x30, 0x16, 0x80, ...ski.value.subarray(1)),
      },
    ]);
}
