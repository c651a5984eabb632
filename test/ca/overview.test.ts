import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dueForRenewal } from '../../src/ca/renewable.js';
import { PkiFolder } from '../../src/store/pki-folder.js';
import { LabAuthority } from './lab-authority.js';

let lab: LabAuthority;
beforeEach(async () => {
  lab = await LabAuthority.make();
});
afterEach(() => lab.remove());

describe('the overview of a PKI', () => {
  it('counts servers, clients and peers, and nothing that serves the CA itself', async () => {
    await lab.ca.issueServer({ commonName: 'api.test' });
    await lab.ca.issueClient({ commonName: 'alice' });
    await lab.ca.issueClient({ commonName: 'bob', validityDays: 1 });
    await lab.ca.revoke(await lab.ca.find('alice'));
    lab.pass(2);

    expect(await lab.ca.overview()).toMatchObject({
      live: 1,
      revoked: 1,
      expired: 1,
      next: { name: 'api.test' },
    });
  });

  it('of a new one has nothing to tell', async () => {
    expect(await lab.ca.overview()).toMatchObject({ live: 0, revoked: 0, expired: 0, due: 0, next: null });
  });

  it('tells which CRL is due', async () => {
    const due = async () =>
      (await lab.ca.overview()).authorities
        .filter(({ crlDue }) => crlDue)
        .map(({ authority }) => authority.role);
    lab.pass(24);
    const before = await due();
    lab.pass(0.1);

    expect(before).toEqual([]);
    expect(await due()).toEqual(['issuing']);
  });

  it.each([0, 59, 61, 89, 91, 179, 181, 300, 1800])(
    'calls as many certificates due as a renewal of all that is due renews (day %i)',
    async (days) => {
      await lab.ca.issueServer({ commonName: 'api.test' });
      await lab.ca.issueServer({ commonName: 'long.test', validityDays: 4000 });
      await lab.ca.issueClient({ commonName: 'alice' });
      await lab.ca.issueClient({ commonName: 'bob' });
      await lab.ca.revoke(await lab.ca.find('bob'));
      lab.pass(days);
      const { due } = await lab.ca.overview();
      const store = await new PkiFolder(lab.at()).openStore();
      const { issuing, root, folder } = lab.ca;

      expect(due).toBe((await dueForRenewal({ store, issuing, root, folder, now: () => lab.now })).length);
      await store.close();
    },
  );
});
