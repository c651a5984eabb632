import { describe, expect, it } from 'vitest';
import { accessRules, defaultRules, mayDo } from '../../src/server/access-rules.js';
import { type Identity, identityKey } from '../../src/server/identity.js';

const identity = (...keys: readonly string[]): Identity => ({
  name: keys[0]!,
  commonName: null,
  subjectAltName: [],
  keys: new Set(keys),
  key: keys[0]!,
});
const ALICE = identity('CN:alice', 'URI:spiffe://acme/alice');
const BOB = identity('CN:bob', 'EMAIL:bob@acme.test');

describe('a rule', () => {
  it.each<[string, string, Identity | null, boolean]>([
    ['alice', 'her commonName', ALICE, true],
    ['CN:alice', 'the same with its kind', ALICE, true],
    ['URI:spiffe://acme/alice', 'her SPIFFE ID', ALICE, true],
    ['uri:spiffe://acme/alice', 'its kind in small letters', ALICE, true],
    ['EMAIL:bob@acme.test', 'his mail address', BOB, true],
    ['spiffe://acme/alice', 'a URI without its kind, which is a commonName', ALICE, false],
    [
      'URI:spiffe://acme/alice',
      'a commonName that looks like a URI',
      identity('CN:URI:spiffe://acme/alice'),
      false,
    ],
    ['alice', 'another', BOB, false],
    ['*', 'everybody', BOB, true],
    ['*', 'nobody without a certificate', null, false],
    ['anonymous', 'who has no certificate', null, true],
    ['anonymous', 'nobody called so', identity('CN:anonymous'), false],
  ])('for %s means %s', (named, _who, who, allowed) => {
    const rules = accessRules({ rules: [{ identity: named, methods: ['GET'], paths: ['/items'] }] });
    expect(mayDo(rules, who, 'GET', '/items')).toBe(allowed);
  });

  it('for a group means all of it', () => {
    const rules = accessRules({
      groups: { staff: ['alice', 'EMAIL:bob@acme.test'] },
      rules: [{ group: 'staff', methods: ['GET'], paths: ['/items'] }],
    });
    expect([ALICE, BOB, identity('CN:eve')].map((who) => mayDo(rules, who, 'GET', '/items'))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['/items', '/items', true],
    ['/items', '/items/7', false],
    ['/items/*', '/items/7', true],
    ['/items/*', '/items', false],
    ['/items*', '/itemsandmore', true],
    ['*', '/anything', true],
  ])('for %s and %s', (pattern, path, allowed) => {
    const rules = accessRules({ rules: [{ identity: '*', methods: ['GET'], paths: [pattern] }] });
    expect(mayDo(rules, ALICE, 'GET', path)).toBe(allowed);
  });

  it('for GET is for HEAD too, and for nothing that changes things', () => {
    const rules = accessRules({ rules: [{ identity: '*', methods: ['GET'], paths: ['*'] }] });
    expect(['GET', 'HEAD', 'POST', 'DELETE'].map((method) => mayDo(rules, ALICE, method, '/'))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('of several rules', () => {
  it('the first that fits decides, and where none does the answer is no', () => {
    const rules = accessRules({
      rules: [
        { identity: 'bob', allow: false, methods: ['*'], paths: ['/items/7'] },
        { identity: '*', methods: ['GET'], paths: ['/items/*'] },
      ],
    });
    expect(mayDo(rules, BOB, 'GET', '/items/7')).toBe(false);
    expect(mayDo(rules, BOB, 'GET', '/items/8')).toBe(true);
    expect(mayDo(rules, ALICE, 'GET', '/items/7')).toBe(true);
    expect(mayDo(rules, ALICE, 'PUT', '/items/7')).toBe(false);
    expect(mayDo(accessRules({ rules: [] }), ALICE, 'GET', '/')).toBe(false);
  });
});

describe('without a file', () => {
  it.each([
    ['require', ALICE, 'GET', '/items/7', true],
    ['require', ALICE, 'POST', '/items', false],
    ['require', ALICE, 'GET', '/admin', false],
    ['require', ALICE, 'GET', '/admin/more', false],
    ['require', null, 'GET', '/whoami', false],
    ['optional', null, 'GET', '/whoami', true],
    ['optional', null, 'GET', '/items', false],
    ['off', null, 'GET', '/items', true],
    ['off', null, 'POST', '/items', false],
    ['off', null, 'GET', '/admin', false],
  ] as const)('certificates %s: %o may %s %s: %s', (clientAuth, who, method, path, allowed) => {
    expect(mayDo(defaultRules(clientAuth), who, method, path)).toBe(allowed);
  });
});

describe('the key of an identity', () => {
  it.each([
    ['alice', 'CN:alice'],
    ['dns:api.test', 'DNS:api.test'],
    ['CN:URI:x', 'CN:URI:x'],
    ['http://x', 'CN:http://x'],
    ['CN:API.test', 'CN:API.test'],
    ['DNS:Api.Acme.TEST', 'DNS:api.acme.test'],
    ['EMAIL:Alice@Acme.Test', 'EMAIL:Alice@acme.test'],
    ['EMAIL:"a@B"@Acme.Test', 'EMAIL:"a@B"@acme.test'],
    ['IP:2001:0DB8:0::1', 'IP:2001:db8::1'],
    ['IP:10.0.0.7', 'IP:10.0.0.7'],
    ['URI:SPIFFE://Acme.Test/Api/Billing', 'URI:spiffe://acme.test/Api/Billing'],
    ['URI:https://Me@Acme.Test:8443/A@B?C', 'URI:https://Me@acme.test:8443/A@B?C'],
    ['URI:URN:Uuid:F81D', 'URI:urn:Uuid:F81D'],
    ['URI:/No/Scheme', 'URI:/No/Scheme'],
  ])('%s is %s', (text, key) => expect(identityKey(text)).toBe(key));
});
