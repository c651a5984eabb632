import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ISSUE_POLICY_SCHEMA, readIssuePolicy, ruleFor } from '../../src/policy/issue-policy.js';

const WHOLE = {
  schemaVersion: 1,
  names: { dns: ['*.acme.test'], ip: ['10.0.0.0/8'], email: ['acme.test'], uri: ['spiffe://acme/'] },
  commonNames: ['*'],
  keyTypes: ['ec-p256'],
  maximumLifetimeDays: 397,
  profiles: { client: { maximumLifetimeDays: 30 } },
};

describe('an issue policy', () => {
  it('may say everything, and may say nothing', () => {
    expect(readIssuePolicy(WHOLE)).toEqual({ ok: true, policy: WHOLE });
    expect(readIssuePolicy({})).toEqual({ ok: true, policy: {} });
  });

  it('has for a profile its own rule, else the one for all', () => {
    const limit = (profile: 'client' | 'server') => ruleFor(WHOLE, profile, 'maximumLifetimeDays');

    expect(limit('client')).toEqual({ value: 30, pointer: '/profiles/client/maximumLifetimeDays' });
    expect(limit('server')).toEqual({ value: 397, pointer: '/maximumLifetimeDays' });
    expect(ruleFor({}, 'server', 'names')).toBeNull();
  });

  it.each([
    ['a list', [], '', 'a list is not an object'],
    ['a mistyped key', { keyTypse: ['ec-p256'] }, '/keyTypse', '"keyTypse" is no key that is known here'],
    ['a mistyped profile', { profiles: { sever: {} } }, '/profiles/sever', 'no key that is known'],
    ['a mistyped kind of name', { names: { DNS: ['a'] } }, '/names/DNS', 'no key that is known'],
    ['an unknown key type', { keyTypes: ['ec-p265'] }, '/keyTypes/0', '"ec-p265" is none of ec-p256'],
    ['no key at all', { keyTypes: [] }, '/keyTypes', 'it has no element'],
    ['a text for a number', { maximumLifetimeDays: '90' }, '/maximumLifetimeDays', 'not a whole number'],
    ['no day', { maximumLifetimeDays: 0 }, '/maximumLifetimeDays', '0 is less than 1'],
    ['a pattern that is none', { names: { dns: ['a b'] } }, '/names/dns/0', 'does not match'],
    ['another version', { schemaVersion: 2 }, '/schemaVersion', '2 is not 1'],
  ])('with %s is told from where', (_what, document, pointer, message) => {
    expect(readIssuePolicy(document)).toMatchObject({
      ok: false,
      faults: [{ pointer, message: expect.stringContaining(message) }],
    });
  });
});

describe('its published schema', () => {
  it('lies in the package as a file', () => {
    const published: unknown = JSON.parse(readFileSync('templates/issue-policy.schema.json', 'utf8'));

    expect(published).toEqual(JSON.parse(JSON.stringify(ISSUE_POLICY_SCHEMA)));
  });

  it.each([
    WHOLE,
    {},
    [[]],
    { keyTypes: ['dsa'] },
    { names: { ip: ['10.0.0.0/8', 'x'] } },
    { names: { uri: ['acme'] } },
    { profiles: { peer: { names: {} } } },
    { maximumLifetimeDays: 36_501 },
  ])('and our own reading agree on %j', (document) => {
    const byAjv = new Ajv2020({ strict: true, strictTypes: false }).compile(ISSUE_POLICY_SCHEMA);

    expect(readIssuePolicy(document).ok).toBe(byAjv(document));
  });
});
