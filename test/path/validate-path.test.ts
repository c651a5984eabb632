import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/path/path-result.js';
import { basicConstraints } from '../../src/x509/extensions/basic-constraints.js';
import { extKeyUsage } from '../../src/x509/extensions/ext-key-usage.js';
import { keyUsage } from '../../src/x509/extensions/key-usage.js';
import { OID } from '../../src/x509/oid.js';
import { makeCa, makeLeaf, NOW, type Wish } from './certificate-maker.js';
import { verdictOf } from './verify-made.js';

const root = makeCa('CN=Root');
const SECOND = 1000;

describe('validity is inclusive at both ends, in whole seconds (RFC 5280 §4.1.2.5)', () => {
  const leaf = makeLeaf(root, 'api.test', {
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2026-12-31T23:59:59Z'),
  });

  it.each<[string, string, RefusalReason | 'accepted']>([
    ['one second before notBefore', '2025-12-31T23:59:59Z', 'cert-not-yet-valid'],
    ['exactly notBefore', '2026-01-01T00:00:00Z', 'accepted'],
    ['exactly notAfter', '2026-12-31T23:59:59Z', 'accepted'],
    ['half a second after notAfter', '2026-12-31T23:59:59.500Z', 'accepted'],
    ['one second after notAfter', '2027-01-01T00:00:00Z', 'cert-expired'],
  ])('%s', (_when, at, verdict) => {
    expect(verdictOf(leaf, { trusted: [root], at: new Date(at) })).toBe(verdict);
  });

  it('of every certificate, the anchor’s too', () => {
    const old = makeCa('CN=Old', { notAfter: new Date(NOW.getTime() - SECOND) });

    expect(verdictOf(makeLeaf(old, 'api.test'), { trusted: [old] })).toBe('cert-expired');
  });
});

describe('pathLenConstraint (RFC 5280 §4.2.1.9)', () => {
  /** The verdict on a leaf below that many CAs in a row, under a root with that constraint. */
  function verdict(pathLength: number, cas: number, selfIssued = 0): RefusalReason | 'accepted' {
    const top = makeCa('CN=Top', { pathLength });
    const chain = [top];
    for (let index = 0; index < cas; index += 1)
      chain.push(makeCa(`CN=CA ${index}`, { issuer: chain.at(-1)! }));
    for (let index = 0; index < selfIssued; index += 1) {
      const above = chain.at(-1)!;
      chain.push(makeCa(`CN=CA ${cas - 1}`, { issuer: above }));
    }
    return verdictOf(makeLeaf(chain.at(-1)!, 'api.test'), { trusted: [top], untrusted: chain });
  }

  it.each<[number, number, number, RefusalReason | 'accepted']>([
    [0, 0, 0, 'accepted'],
    [0, 1, 0, 'path-length-exceeded'],
    [1, 1, 0, 'accepted'],
    [1, 2, 0, 'path-length-exceeded'],
    [1, 1, 2, 'accepted'],
    [2, 2, 0, 'accepted'],
  ])('%i allowed, %i CAs and %i self-issued ones', (pathLength, cas, selfIssued, expected) => {
    expect(verdict(pathLength, cas, selfIssued)).toBe(expected);
  });

  it('does not count the last certificate, though it is a CA', () => {
    const top = makeCa('CN=Top', { pathLength: 0 });

    expect(verdictOf(makeCa('CN=Sub', { issuer: top }), { trusted: [top] })).toBe('accepted');
  });

  it('cannot be widened further down', () => {
    const top = makeCa('CN=Top', { pathLength: 1 });
    const second = makeCa('CN=Second', { issuer: top, pathLength: 5 });
    const third = makeCa('CN=Third', { issuer: second });

    expect(verdictOf(makeLeaf(third, 'api.test'), { trusted: [top], untrusted: [second, third] })).toBe(
      'path-length-exceeded',
    );
  });
});

describe('purposes (RFC 5280 §4.2.1.12)', () => {
  const server = extKeyUsage([OID.serverAuth]);
  const client = extKeyUsage([OID.clientAuth]);
  const any = extKeyUsage([OID.anyExtendedKeyUsage]);

  it.each<[string, Wish, 'server' | 'client' | 'any', RefusalReason | 'accepted']>([
    ['serverAuth for a server', { more: [server] }, 'server', 'accepted'],
    ['serverAuth for a client', { more: [server] }, 'client', 'eku-missing'],
    ['clientAuth for a server', { more: [client] }, 'server', 'eku-missing'],
    ['clientAuth where no purpose is asked', { more: [client] }, 'any', 'accepted'],
    ['anyExtendedKeyUsage', { more: [any] }, 'client', 'accepted'],
    ['none', { without: [OID.extKeyUsage] }, 'client', 'accepted'],
    [
      'serverAuth with a keyUsage for agreement',
      { more: [server, keyUsage(['keyAgreement'])] },
      'server',
      'accepted',
    ],
    [
      'serverAuth with a keyUsage for data',
      { more: [server, keyUsage(['dataEncipherment'])] },
      'server',
      'key-usage-unfit',
    ],
    [
      'clientAuth with a keyUsage for enciphering keys',
      { more: [client, keyUsage(['keyEncipherment'])] },
      'client',
      'key-usage-unfit',
    ],
  ])('%s', (_what, wish, purpose, verdict) => {
    expect(verdictOf(makeLeaf(root, 'api.test', wish), { trusted: [root], purpose })).toBe(verdict);
  });

  it('a CA with an extKeyUsage bounds what is below it', () => {
    const clients = makeCa('CN=Clients', { issuer: root, more: [client] });
    const question = { trusted: [root], untrusted: [clients] } as const;

    expect(verdictOf(makeLeaf(clients, 'api.test'), { ...question, purpose: 'client' })).toBe('accepted');
    expect(verdictOf(makeLeaf(clients, 'api.test'), { ...question, purpose: 'server' })).toBe('eku-missing');
  });
});

describe('names asked for', () => {
  const leaf = makeLeaf(root, 'api.test', { subject: 'CN=cn.test' });
  const [right, wrong, common] = (['api.test', 'b.test', 'cn.test'] as const).map((value) => ({
    type: 'dns' as const,
    value,
  }));

  it('every one must be matched, and the commonName never counts', () => {
    expect(verdictOf(leaf, { trusted: [root], names: [right!] })).toBe('accepted');
    expect(verdictOf(leaf, { trusted: [root], names: [right!, wrong!] })).toBe('name-mismatch');
    expect(verdictOf(leaf, { trusted: [root], names: [common!] })).toBe('name-mismatch');
  });
});

it('a leaf that says in basicConstraints that it is no CA is as good as one that says nothing', () => {
  const leaf = makeLeaf(root, 'api.test', { more: [basicConstraints({ ca: false })] });

  expect(verdictOf(leaf, { trusted: [root] })).toBe('accepted');
});
