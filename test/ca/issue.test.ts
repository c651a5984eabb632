import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabAuthority } from './lab-authority.js';

let lab: LabAuthority;
beforeEach(async () => {
  lab = await LabAuthority.make();
});
afterEach(() => lab.remove());

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a leaf ends no later than its CA', () => {
  it('is cut to that end, and says so', async () => {
    const { certificate, notices } = await lab.ca.issueServer({ commonName: 'api.test', validityDays: 4000 });

    expect(certificate.notAfter).toBe('2031-02-28T12:00:00Z');
    expect(lab.leaf('api.test').validity.notAfter).toEqual(lab.ca.issuing.parsed.validity.notAfter);
    expect(notices).toContainEqual(expect.stringContaining('notAfter was cut to 2031-02-28T12:00:00'));
  });

  it('is cut near the end of the CA even when nothing was wished for', async () => {
    lab.pass(1825 - 10);
    const { notices } = await lab.ca.issueClient({ commonName: 'alice' });

    expect(lab.leaf('alice').validity.notAfter).toEqual(lab.ca.issuing.parsed.validity.notAfter);
    expect(notices.length).toBe(1);
  });

  it('is not made once the CA is over', async () => {
    lab.pass(1826);

    await expect(lab.ca.issueClient({ commonName: 'alice' })).rejects.toEqual(code('ERR_CA_EXPIRED'));
  });
});

describe('a NAME', () => {
  it('belongs to one live certificate, of a server or a client', async () => {
    await lab.ca.issueServer({ commonName: 'api.test' });

    await expect(lab.ca.issueClient({ commonName: 'api.test' })).rejects.toEqual(code('ERR_NAME_TAKEN'));
    expect((await lab.ca.list({ name: 'api.test' })).length).toBe(1);
  });

  it('is free again once its certificate is revoked, and its files are replaced', async () => {
    const first = await lab.ca.issueClient({ commonName: 'alice' });
    await lab.ca.revoke(await lab.ca.find('alice'));
    const second = await lab.ca.issueClient({ commonName: 'alice' });

    expect(readFileSync(second.files.privkey!, 'utf8')).toBe(second.privateKey);
    expect(second.privateKey).not.toBe(first.privateKey);
    expect(lab.revoked()).not.toContain(second.certificate.serialNumber);
  });

  it('is free again once its certificate has expired', async () => {
    const first = await lab.ca.issueClient({ commonName: 'alice', validityDays: 1 });
    lab.pass(2);
    await lab.ca.issueClient({ commonName: 'alice' });

    expect(lab.revoked()).not.toContain(first.certificate.serialNumber);
  });

  it('is taken over by force, which revokes the old certificate at once and says so', async () => {
    const first = await lab.ca.issueClient({ commonName: 'alice' });
    const second = await lab.ca.issueClient({ commonName: 'alice', force: true });

    const old = (await lab.ca.list()).find(
      ({ serialNumber }) => serialNumber === first.certificate.serialNumber,
    );
    expect(old).toMatchObject({ status: 'revoked', revocationReason: 'superseded' });
    expect(lab.revoked()).toContain(first.certificate.serialNumber);
    expect(second.notices).toEqual([expect.stringContaining(first.certificate.serialNumber)]);
  });

  it.each(['root.ca', 'issuing.ca'])('is never that of a CA, not even by force: %s', async (commonName) => {
    await expect(lab.ca.issueClient({ commonName, force: true })).rejects.toEqual(code('ERR_NAME_TAKEN'));
    expect((await lab.ca.list({ status: 'revoked' })).length).toBe(0);
  });

  it('waits for no CRL where it is called as the lock of CRLs is', async () => {
    for (const commonName of ['crl', 'create']) {
      await lab.ca.issueClient({ commonName });
      await lab.ca.issueClient({ commonName, force: true });
    }

    expect((await lab.ca.list({ status: 'revoked' })).length).toBe(2);
  });

  it('keeps the record of what was never written out: a second run revokes it and issues anew', async () => {
    mkdirSync(lab.at('issued'), { recursive: true });
    writeFileSync(lab.at('issued', 'alice'), 'no folder');
    await expect(lab.ca.issueClient({ commonName: 'alice' })).rejects.toThrow();
    const [orphan] = await lab.ca.find('alice');
    rmSync(lab.at('issued', 'alice'));

    const { certificate, notices } = await lab.ca.issueClient({ commonName: 'alice' });

    expect(orphan).toMatchObject({ delivered: false, revocation: null });
    expect(notices).toEqual([expect.stringContaining(orphan!.serialNumber)]);
    expect(lab.revoked()).toContain(orphan!.serialNumber);
    expect(certificate.serialNumber).not.toBe(orphan!.serialNumber);
  });
});

describe('files elsewhere', () => {
  it('are never overwritten, and nothing is recorded then', async () => {
    const folder = join(lab.folder, 'out');
    await lab.ca.issueClient({ commonName: 'alice', folder });
    const key = readFileSync(join(folder, 'privkey.pem'), 'utf8');

    await expect(lab.ca.issueClient({ commonName: 'bob', folder })).rejects.toEqual(code('ERR_FILE_EXISTS'));

    expect(readFileSync(join(folder, 'privkey.pem'), 'utf8')).toBe(key);
    expect((await lab.ca.list({ name: 'bob' })).length).toBe(0);
    expect(existsSync(lab.at('issued', 'alice'))).toBe(false);
  });

  it('are known by their absolute path', async () => {
    const { files } = await lab.ca.issueClient({ commonName: 'alice', folder: join(lab.folder, 'x/../out') });
    const [record] = await lab.ca.find('alice');

    expect(record?.folder).toBe(join(lab.folder, 'out'));
    expect(files.cert).toBe(join(lab.folder, 'out', 'cert.pem'));
  });

  it('of a run that was killed are removed by the next', async () => {
    mkdirSync(lab.at('issued', 'alice'), { recursive: true });
    writeFileSync(lab.at('issued', 'alice', '.sslapi-privkey.pem.123'), 'half a key');
    await lab.ca.issueClient({ commonName: 'alice' });

    expect(readdirSync(lab.at('issued', 'alice')).sort()).toEqual([
      'cert.pem',
      'chain.pem',
      'fullchain.pem',
      'fullchain.pem.key',
      'privkey.pem',
    ]);
  });
});
