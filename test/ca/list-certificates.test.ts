import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListWish } from '../../src/ca/list-certificates.js';
import { LabAuthority } from './lab-authority.js';

let lab: LabAuthority;
beforeAll(async () => {
  lab = await LabAuthority.make();
  await lab.ca.issueServer({ commonName: 'api.test' });
  await lab.ca.issueServer({ commonName: '*.apps.test' });
  await lab.ca.issueClient({ commonName: 'short', validityDays: 1 });
  await lab.ca.issueClient({ commonName: 'gone' });
  await lab.ca.revoke(await lab.ca.find('gone'));
  lab.pass(2);
  await lab.ca.issueClient({ commonName: 'alice' });
  lab.pass(0.001); // the newest is told by the second
  await lab.ca.issueClient({ commonName: 'bob', validityDays: 7 });
  await lab.ca.recordMinted([{ serialNumber: '0b', what: 'expired' }]);
});
afterAll(() => lab.remove());

const inDays = (days: number): Date => new Date(lab.now.getTime() + days * 86_400_000);

describe('of the certificates of a CA', () => {
  it.each<[string, () => ListWish, string[]]>([
    ['the valid ones of a profile', () => ({ status: 'valid', profile: 'client' }), ['alice', 'bob']],
    ['those of several', () => ({ profile: ['server', 'peer'] }), ['_wildcard.apps.test', 'api.test']],
    ['the newest', () => ({ status: 'valid', profile: ['client', 'peer'], newest: 1 }), ['bob']],
    ['the revoked ones', () => ({ status: 'revoked' }), ['gone']],
    ['the expired ones', () => ({ status: 'expired' }), ['short']],
    ['those that end soon', () => ({ expiringBefore: inDays(8) }), ['bob']],
    ['revoked ones that end soon', () => ({ expiringBefore: inDays(8), status: 'revoked' }), []],
    ['one NAME', () => ({ name: 'alice' }), ['alice']],
    ['NAMEs by a pattern', () => ({ name: '?o*e', status: 'all' }), ['gone']],
    ['a wildcard, as it is written', () => ({ name: '*.apps.test' }), ['_wildcard.apps.test']],
  ])('%s are listed', async (_, wish, names) => {
    expect((await lab.ca.list(wish())).map(({ name }) => name).sort()).toEqual(names);
  });

  it('CAs are listed where nothing is asked for, and what was made for a proof is not', async () => {
    const profiles = (await lab.ca.list()).map(({ profile }) => profile);

    expect(profiles).toEqual(expect.arrayContaining(['root', 'issuing', 'server', 'client']));
    expect(profiles).not.toContain('probe');
  });
});
