import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POLICIES, policyOf } from '../../src/policy/policies.js';
import { policyDocument } from '../../src/policy/policy-document.js';
import { POLICY_SCHEMA } from '../../src/policy/policy-schema.js';
import { type PolicyVocabulary, readPolicy } from '../../src/policy/read-policy.js';
import { schemaFaults } from '../../src/policy/schema-faults.js';
import { cipherSuiteNamed } from '../../src/tls/cipher-suite.js';
import { groupName, knownGroups } from '../../src/tls/group.js';
import { knownSignatureSchemes, signatureSchemeName } from '../../src/tls/signature-scheme.js';

const VOCABULARY: PolicyVocabulary = {
  cipherSuite(name) {
    const suite = cipherSuiteNamed(name);
    return suite && { name: suite.name, opensslName: suite.opensslName ?? suite.name };
  },
  cipherSuites: ['TLS_AES_128_GCM_SHA256'],
  groups: knownGroups().map(groupName),
  signatureSchemes: knownSignatureSchemes().map(signatureSchemeName),
  signatureAlgorithms: ['sha256WithRSAEncryption', 'ecdsaWithSHA256', 'ecdsaWithSHA384', 'ecdsaWithSHA512'],
};
const read = (document: unknown) => readPolicy(document, VOCABULARY);
const NAMED = { id: 'acme', title: 'Acme baseline', version: '3' };
const changing = (changes: object) => read({ extends: 'intermediate', ...NAMED, ...changes });

describe('a policy file', () => {
  it.each(POLICIES)('that $id was written to is the same policy again', (policy) => {
    const document: unknown = JSON.parse(JSON.stringify({ schemaVersion: 1, ...policyDocument(policy) }));

    expect(read(document)).toEqual({ ok: true, policy });
  });

  it('changes one thing of what it extends, and nothing else', () => {
    const { note: _note, ...base } = policyOf('intermediate');

    expect(changing({ certificate: { maximumLifetimeDays: 30 } })).toEqual({
      ok: true,
      policy: {
        ...base,
        ...NAMED,
        note: null,
        certificate: { ...base.certificate, maximumLifetimeDays: 30 },
      },
    });
  });

  it('that leaves TLS 1.2 out leaves out its suites', () => {
    const reading = changing({ protocols: ['TLSv1.3'] });

    expect(reading).toMatchObject({ ok: true, policy: { cipherSuites: { 'TLSv1.2': [] } } });
  });

  it('may name suites as OpenSSL does', () => {
    expect(changing({ cipherSuites: { 'TLSv1.2': ['ECDHE-RSA-AES256-GCM-SHA384'] } })).toMatchObject({
      policy: {
        cipherSuites: {
          'TLSv1.2': [
            { name: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', opensslName: 'ECDHE-RSA-AES256-GCM-SHA384' },
          ],
        },
      },
    });
  });

  it.each([
    ['an unknown key', { minimumDHBits: 2048 }, '/minimumDHBits'],
    ['a key of the wrong type', { groups: 'x25519' }, '/groups'],
    ['a group that nobody knows', { groups: ['x25519', 'prime256v1'] }, '/groups/1'],
    [
      'a suite that nobody knows',
      { cipherSuites: { 'TLSv1.3': ['TLS_AES_129_GCM_SHA256'] } },
      '/cipherSuites/TLSv1.3/0',
    ],
    [
      'a suite of another version',
      { cipherSuites: { 'TLSv1.2': ['TLS_AES_128_GCM_SHA256'] } },
      '/cipherSuites/TLSv1.2/0',
    ],
    ['a version without a suite', { cipherSuites: { 'TLSv1.3': [] } }, '/cipherSuites/TLSv1.3'],
    ['a version required but not allowed', { protocols: ['TLSv1.2'] }, '/requiredProtocols'],
    ['a version of yesterday', { protocols: ['TLSv1.1'] }, '/protocols/0'],
    ['a day that is none', { checked: '2026-02-30' }, '/checked'],
    ['a check before the publication', { published: '2027-01-01', checked: '2026-12-31' }, '/checked'],
    ['RSA without a length', { certificate: { minimumRsaBits: null } }, '/certificate/minimumRsaBits'],
    ['EC without a curve', { certificate: { curves: [] } }, '/certificate/curves'],
    ['a base that is none', { extends: 'old' }, '/extends'],
    ['a scheme twice', { signatureSchemes: ['ed25519', 'ed25519'] }, '/signatureSchemes/1'],
    [
      'a signature algorithm that nobody knows',
      { certificate: { signatureAlgorithms: ['sha256'] } },
      '/certificate/signatureAlgorithms/0',
    ],
    ['its prototype', JSON.parse('{"__proto__": {"protocols": []}}'), '/__proto__'],
  ])('with %s is refused, and told where', (_what, changes, pointer) => {
    const good = { extends: 'intermediate', ...NAMED };
    const document: unknown = JSON.parse(
      `${JSON.stringify(good).slice(0, -1)},${JSON.stringify(changes).slice(1)}`,
    );

    expect(read(good).ok).toBe(true);
    expect(read(document)).toMatchObject({ ok: false, faults: [{ pointer }] });
  });

  it('that extends nothing must say everything', () => {
    const { groups: _groups, ...rest } = policyDocument(policyOf('nist'));

    expect(read(rest)).toMatchObject({ faults: [{ pointer: '', message: '"groups" is missing' }] });
  });
});

describe('the published schema', () => {
  const byAjv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false }).compile(
    POLICY_SCHEMA,
  );
  const agree = (document: unknown) =>
    expect(schemaFaults(document, POLICY_SCHEMA).length === 0, JSON.stringify(document)).toBe(
      byAjv(document),
    );

  it.each([
    ['nothing', null],
    ['a list', []],
    ['a text', 'modern'],
    ['an empty object', {}],
    ['a name alone', NAMED],
    ['a name and a base', { extends: 'nist', ...NAMED }],
    ['a whole policy', policyDocument(policyOf('bcp195'))],
    ['a negative limit', { extends: 'nist', ...NAMED, minimumDhBits: -1 }],
    ['the least limit', { extends: 'nist', ...NAMED, minimumDhBits: 512 }],
    ['one bit less', { extends: 'nist', ...NAMED, minimumDhBits: 511 }],
    ['the greatest limit', { extends: 'nist', ...NAMED, minimumDhBits: 65_536 }],
    ['one bit more', { extends: 'nist', ...NAMED, minimumDhBits: 65_537 }],
    ['as many names as may be', { extends: 'nist', ...NAMED, groups: numbered(200) }],
    ['one name more', { extends: 'nist', ...NAMED, groups: numbered(201) }],
    ['half a bit', { extends: 'nist', ...NAMED, minimumDhBits: 2048.5 }],
    ['more than can be counted', { extends: 'nist', ...NAMED, minimumDhBits: Number.POSITIVE_INFINITY }],
    ['astral characters', { extends: 'nist', ...NAMED, title: '🔒'.repeat(100) }],
    ['one too many of them', { extends: 'nist', ...NAMED, title: '🔒'.repeat(101) }],
    ['an inherited key', JSON.parse('{"__proto__": 1}')],
    ['toString', { extends: 'nist', ...NAMED, toString: 1 }],
  ])('and our own reading agree on %s', (_what, document) => agree(document));

  it('lies in the package as a file', () => {
    expect(JSON.parse(readFileSync('templates/policy.schema.json', 'utf8'))).toEqual(POLICY_SCHEMA);
  });

  it('and our own reading agree on what became of a good file by accident', () => {
    const good = [policyDocument(policyOf('intermediate')), { extends: 'nist', ...NAMED }];
    const verdicts = new Set<boolean>();
    const mutated = fc
      .record({
        base: fc.constantFrom(...good),
        steps: fc.array(fc.tuple(fc.nat(), junk()), { maxLength: 3 }),
      })
      .map(({ base, steps }) => steps.reduce<unknown>((value, [at, put]) => mutate(value, at, put), base));

    fc.assert(
      fc.property(mutated, (document) => {
        verdicts.add(byAjv(document));
        agree(document);
      }),
      { numRuns: 3000 },
    );

    expect(verdicts, 'the mutants are not all good, nor all bad').toEqual(new Set([true, false]));
  });
});

const REMOVED = Symbol('removed');

/** What stands at one of the places of a document is replaced, taken out or given a neighbour. */
function mutate(value: unknown, at: number, put: unknown): unknown {
  const places = placesOf(value);
  const place = places[at % places.length]!;
  return change(value, place, put);
}

function placesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const inside =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, own]) => placesOf(own, [...path, key]))
      : [];
  return [path, ...inside];
}

function change(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put === REMOVED ? null : put;
  const gone = rest.length === 0 && put === REMOVED;
  if (Array.isArray(value)) {
    const own = value.map((one, at) => (at === Number(key) ? change(one, rest, put) : one));
    return gone ? value.filter((_one, at) => at !== Number(key)) : own;
  }
  const { [key]: own, ...others } = value as Record<string, unknown>;
  return gone ? others : { ...others, [key]: change(own, rest, put) };
}

function junk() {
  return fc.oneof(
    fc.constantFrom<unknown>(
      REMOVED,
      null,
      true,
      0,
      1,
      1.5,
      2048,
      1e9,
      '',
      'nist',
      'TLSv1.3',
      'x25519',
      [],
      {},
    ),
    fc.constantFrom<unknown>(['x25519'], ['TLSv1.2'], ['TLSv1.2', 'TLSv1.2'], ['a b'], { extra: 1 }, [null]),
    fc.jsonValue({ maxDepth: 2 }),
  );
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_none, at) => `group${at}`);
}
