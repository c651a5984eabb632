import { describe, expect, it } from 'vitest';
import { POLICIES, policyAgeDays, policyOf } from '../../src/policy/policies.js';

describe('policies', () => {
  it('are listed once each, and found by their id', () => {
    expect(POLICIES.map(({ id }) => id)).toEqual(['modern', 'intermediate', 'nist', 'bcp195']);
    expect(POLICIES.map(({ id }) => policyOf(id as 'modern'))).toEqual(POLICIES);
  });

  it.each(POLICIES)(
    '$id says where it comes from, and was checked after its source was published',
    (policy) => {
      expect(policy.source).toMatch(/^https:\/\//);
      expect(policy.published).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(Date.parse(policy.checked)).toBeGreaterThan(Date.parse(policy.published));
    },
  );

  it.each(POLICIES)(
    '$id demands nothing that it does not allow, and has suites for what it allows',
    (policy) => {
      expect(policy.protocols).toEqual(expect.arrayContaining([...policy.requiredProtocols]));
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        expect(policy.cipherSuites[version].length > 0).toBe(policy.protocols.includes(version));
      }
      expect(policy.groups.filter((group) => policy.alsoAcceptable.groups.includes(group))).toEqual([]);
    },
  );

  it('modern allows TLS 1.3 alone, and no RSA certificate', () => {
    expect(policyOf('modern')).toMatchObject({
      protocols: ['TLSv1.3'],
      groups: ['x25519', 'secp256r1', 'secp384r1'],
      hstsMaxAgeSeconds: 63_072_000,
      certificate: { keyKinds: ['ec'], maximumLifetimeDays: 90 },
    });
  });

  it.each(POLICIES)('$id has no suite without forward secrecy, RC4, 3DES, NULL or anonymous', (policy) => {
    const suites = [...policy.cipherSuites['TLSv1.2'], ...policy.alsoAcceptable.cipherSuites].map(
      ({ name }) => name,
    );

    expect(suites.filter((name) => /_WITH_/.test(name) && !/^TLS_(EC)?DHE_(RSA|ECDSA)_/.test(name))).toEqual(
      [],
    );
    expect(suites.filter((name) => /RC4|3DES|NULL|anon|EXPORT/.test(name))).toEqual([]);
  });

  it('nist allows neither ChaCha20 nor X25519, which are not approved', () => {
    const { cipherSuites, alsoAcceptable, groups } = policyOf('nist');
    const suites = [...cipherSuites['TLSv1.2'], ...cipherSuites['TLSv1.3'], ...alsoAcceptable.cipherSuites];

    expect(suites.filter(({ name }) => name.includes('CHACHA20'))).toEqual([]);
    expect([...groups, ...alsoAcceptable.groups]).not.toContain('x25519');
  });

  it('nist and intermediate demand TLS 1.3, and take a server that has left TLS 1.2 behind', () => {
    for (const id of ['nist', 'intermediate'] as const)
      expect(policyOf(id)).toMatchObject({
        protocols: ['TLSv1.2', 'TLSv1.3'],
        requiredProtocols: ['TLSv1.3'],
      });
  });

  it('what is modern is intermediate too', () => {
    const [strict, wide] = [policyOf('modern'), policyOf('intermediate')];

    expect(wide.protocols).toEqual(expect.arrayContaining([...strict.protocols]));
    expect(strict.protocols).toEqual(expect.arrayContaining([...wide.requiredProtocols]));
    expect(wide.cipherSuites['TLSv1.3']).toEqual(strict.cipherSuites['TLSv1.3']);
    expect(wide.certificate.keyKinds).toEqual(expect.arrayContaining([...strict.certificate.keyKinds]));
    expect(wide.certificate.maximumLifetimeDays).toBeGreaterThan(strict.certificate.maximumLifetimeDays!);
  });

  it.each([
    ['on the day it was checked', '2026-11-24T23:59:59Z', 0],
    ['a day later', '2026-11-25T00:00:00Z', 1],
    ['a year later', '2027-11-24T00:00:00Z', 365],
  ])('age %s', (_when, now, days) =>
    expect(policyAgeDays({ ...policyOf('modern'), checked: '2026-11-24' }, new Date(now))).toBe(days),
  );
});
