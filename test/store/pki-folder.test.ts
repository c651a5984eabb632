import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import { writeFilesWhole } from '../../src/store/write-files.js';
import { LabAuthority } from '../ca/lab-authority.js';

let lab: LabAuthority;
afterEach(() => lab.remove());

const code = (expected: string) => expect.objectContaining({ code: expected });
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe.each([0o000, 0o022, 0o077])('under umask %o', (umask) => {
  it('secrets are 0600 in folders of 0700, and what all may read is 0644', async () => {
    const before = process.umask(umask);
    try {
      lab = await LabAuthority.make();
      await lab.ca.issueClient({ commonName: 'alice' });
      await lab.ca.issueClient({ commonName: 'bob', folder: join(lab.folder, 'new', 'out') });
      await lab.ca.revoke(await lab.ca.find('bob'));
    } finally {
      process.umask(before);
    }
    const modes = new Map(
      filesBelow(lab.folder).map((path) => [path.slice(lab.folder.length + 1), modeOf(path)]),
    );
    const expected = [...modes.keys()].map((path) => [path, expectedMode(path)]);

    expect(Object.fromEntries(modes)).toEqual(Object.fromEntries(expected));
    const folders = ['pki/private', 'pki/.locks', 'pki/issued/alice', 'new/out'];
    expect(folders.map((path) => modeOf(join(lab.folder, path)))).toEqual(folders.map(() => '700'));
    expect(['pki', 'pki/issued', 'pki/crl'].map((path) => modeOf(join(lab.folder, path)))).toEqual([
      '755',
      '755',
      '755',
    ]);
  });
});

describe('a pki folder', () => {
  it('that was there keeps its mode', async () => {
    lab = await LabAuthority.make();
    const closed = join(lab.folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o700);
    const { ca } = await CertificateAuthority.create({ pki: closed, passphrase: null });
    await ca.close();

    expect(modeOf(closed)).toBe('700');
  });

  it('that is copied between two commands is a CA as good as the first', async () => {
    lab = await LabAuthority.make();
    await lab.ca.issueClient({ commonName: 'alice' });
    await lab.ca.close();
    const log = lab.at('sslapi.db-wal');
    cpSync(lab.at(), join(lab.folder, 'copy'), { recursive: true, filter: (path) => path !== log });
    rmSync(lab.at(), { recursive: true });
    const copy = await CertificateAuthority.open({ pki: join(lab.folder, 'copy'), now: () => lab.now });
    await copy.issueClient({ commonName: 'bob' });
    const names = (await copy.list({ profile: 'client' })).map(({ name }) => name);
    await copy.close();

    expect(names.sort()).toEqual(['alice', 'bob']);
  });

  it('with a CA in it is never made anew', async () => {
    lab = await LabAuthority.make();

    await expect(CertificateAuthority.create({ pki: lab.at(), passphrase: null })).rejects.toEqual(
      code('ERR_CA_EXISTS'),
    );
  });

  const copy = () => join(lab.folder, 'copy');
  const store = () => join(copy(), 'sslapi.db');
  it.each([
    ['emptied', () => truncateSync(store(), 0), 'ERR_STORE_DAMAGED'],
    ['gone', () => rmSync(store()), 'ERR_CA_EXISTS'],
    ['garbage', () => writeFileSync(store(), 'x'.repeat(9000)), 'ERR_STORE_DAMAGED'],
  ])('whose store is %s keeps its keys: no CA is made over it', async (_, harm, expected) => {
    lab = await LabAuthority.make();
    await lab.ca.close();
    cpSync(lab.at(), copy(), { recursive: true });
    const key = readFileSync(join(copy(), 'private', 'root.key'), 'utf8');
    harm();

    await expect(CertificateAuthority.create({ pki: copy(), passphrase: null })).rejects.toEqual(
      code(expected),
    );
    expect(readFileSync(join(copy(), 'private', 'root.key'), 'utf8')).toBe(key);
  });

  it('of a root key that would lie on another is not begun', async () => {
    lab = await LabAuthority.make();
    const usb = join(lab.folder, 'usb');
    mkdirSync(usb);
    writeFileSync(join(usb, 'root.key'), 'of another CA');
    const pki = join(lab.folder, 'second');

    await expect(CertificateAuthority.create({ pki, passphrase: null, rootOut: usb })).rejects.toEqual(
      code('ERR_FILE_EXISTS'),
    );
    expect(existsSync(join(pki, 'sslapi.db'))).toBe(false);
    expect(readFileSync(join(usb, 'root.key'), 'utf8')).toBe('of another CA');
  });

  it('keeps the root key where --root-out says, and nowhere else', async () => {
    lab = await LabAuthority.make();
    const [pki, usb] = [join(lab.folder, 'second'), join(lab.folder, 'usb')];
    const { ca } = await CertificateAuthority.create({ pki, passphrase: null, rootOut: usb });
    await ca.close();

    expect(readdirSync(join(pki, 'private'))).toEqual(['issuing.key']);
    expect([modeOf(usb), modeOf(join(usb, 'root.key'))]).toEqual(['700', '600']);
  });

  it('says that a single CA has no key to be kept elsewhere', async () => {
    lab = await LabAuthority.make();
    const options = { passphrase: null, rootOut: join(lab.folder, 'usb'), noIntermediate: true };

    await expect(
      CertificateAuthority.create({ pki: join(lab.folder, 'second'), ...options }),
    ).rejects.toEqual(code('ERR_USAGE'));
  });
});

describe('files that belong together', () => {
  it('are all as they were where one of them cannot be written', async () => {
    lab = await LabAuthority.make();
    const folder = join(lab.folder, 'files');
    writeFilesWhole(folder, [{ path: 'a', content: 'old', mode: 0o644 }]);
    writeFileSync(join(folder, 'b'), 'no folder');

    expect(() =>
      writeFilesWhole(folder, [
        { path: 'a', content: 'new', mode: 0o644 },
        { path: 'b/c', content: 'new', mode: 0o644 },
      ]),
    ).toThrow(code('ERR_IO'));
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['a', 'b']);
  });
});

function expectedMode(path: string): string {
  const secret = /\.key$|privkey\.pem$|sslapi\.db/.test(path);
  return secret ? '600' : path.includes('.locks') ? expect.any(String) : '644';
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
