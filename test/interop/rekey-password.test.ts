import { createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Passphrase } from '../../src/keys/passphrase.js';
import { openPrivateKey, privateKeyOfPem } from '../../src/keys/private-key.js';
import { PkiFolder } from '../../src/store/pki-folder.js';
import { decodePem } from '../../src/x509/pem.js';
import { build } from '../build.js';
import { peer } from '../peers/peer.js';
import { type Ran, Workplace } from './sslapi.js';

const BINARY = resolve('bin/sslapi.js');

let place: Workplace;
beforeAll(() => build());
beforeEach(() => {
  place = new Workplace();
  for (const name of ['old', 'new', 'third']) writeFileSync(place.at(`${name}.pass`), `${name} secret\n`);
});
afterEach(() => place.remove());

const fromOldToNew = ['rekey-password', '--password-file', 'old.pass', '--new-password-file', 'new.pass'];

describe('rekey-password', () => {
  it('changes the password of both keys, which stay the same keys, 0600', async () => {
    await place.ok('init-ca', '--password-file', 'old.pass');
    const before = await publicKeys('old');
    await place.ok(...fromOldToNew);

    expect(await publicKeys('new')).toEqual(before);
    expect(await publicKeys('old')).toEqual({ root: null, issuing: null });
    expect(modes()).toEqual({ 'issuing.key': 0o600, 'root.key': 0o600 });
  });

  it.skipIf(!peer('openssl'))('writes keys that OpenSSL opens with the new password alone', async () => {
    await place.ok('init-ca', '--password-file', 'old.pass');
    await place.ok(...fromOldToNew);
    const open = (pass: string) =>
      place.program('openssl', ['pkey', '-in', 'pki/private/root.key', '-passin', `file:${pass}`, '-noout']);

    expect((await open('new.pass')).exitCode).toBe(0);
    expect((await open('old.pass')).exitCode).toBe(1);
  });

  it('sets a first password, and takes it away again', async () => {
    await place.ok('init-ca', '--no-password');
    await place.ok('rekey-password', '--new-password-file', 'new.pass');
    const closed = await place.run(['issue-client', 'alice']);
    const opened = await place.run(['rekey-password', '--password-file', 'new.pass', '--no-password']);

    expect(closed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('ERR_PASSWORD_NEEDED') });
    expect(opened.stderr).toContain('warning: the keys of the CA are not encrypted');
    expect((await place.run(['issue-client', 'alice'])).exitCode).toBe(0);
  });

  it('changes nothing where the old password is wrong', async () => {
    await place.ok('init-ca', '--password-file', 'old.pass');
    const before = keyFiles();
    const { exitCode, stderr } = await place.run([
      'rekey-password',
      ...['--password-file', 'third.pass', '--new-password-file', 'new.pass'],
    ]);

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('ERR_PASSWORD_WRONG'),
    });
    expect(keyFiles()).toEqual(before);
  });

  it('changes neither where one of them is damaged', async () => {
    await place.ok('init-ca', '--password-file', 'old.pass');
    writeFileSync(place.at('pki/private/issuing.key'), 'torn');
    const before = keyFiles();

    expect((await place.run(fromOldToNew)).exitCode).toBe(3);
    expect(keyFiles()).toEqual(before);
  });

  it.each([
    [['--no-password', '--new-password-file', 'new.pass'], 'contradict each other'],
    [['--password-stdin', '--new-password-stdin'], 'want the same input'],
    [['--password-file', 'old.pass'], 'the new password of the ca is needed'],
    [['--root-key', '-', '--no-password'], 'names the file that is written anew'],
  ])('says in one line what is wrong with %j', async (flags, message) => {
    await place.ok('init-ca', '--password-file', 'old.pass');
    const { exitCode, stderr } = await place.run(['rekey-password', ...flags]);

    expect(exitCode).toBe(2);
    expect(stderr.toLowerCase()).toContain(message);
  });
});

describe('the key of an offline root', () => {
  beforeEach(() => place.ok('init-ca', '--password-file', 'old.pass', '--root-out', 'usb'));

  it('is left as it is, and that is said', async () => {
    const before = readFileSync(place.at('usb/root.key'), 'utf8');
    const { stderr } = await place.run(fromOldToNew);

    expect(stderr).toContain("the root's key is elsewhere");
    expect(readFileSync(place.at('usb/root.key'), 'utf8')).toBe(before);
    expect((await publicKeys('new')).issuing).not.toBeNull();
  });

  it('is changed alone where it is brought', async () => {
    const flags = ['--root-key', 'usb/root.key', '--root-password-file', 'old.pass'];
    await place.ok('rekey-password', ...flags, '--new-password-file', 'new.pass');
    const renewed = readFileSync(place.at('usb/root.key'), 'utf8');

    expect(await openedBy('new', renewed)).not.toBeNull();
    expect(statSync(place.at('usb/root.key')).mode & 0o777).toBe(0o600);
    expect((await publicKeys('old')).issuing).not.toBeNull();
  });

  it("is not taken for another's", async () => {
    await place.ok('init-ca', '--pki', 'other', '--password-file', 'old.pass');
    const flags = ['--root-key', 'other/private/root.key', '--root-password-file', 'old.pass'];
    const { exitCode, stderr } = await place.run(['rekey-password', ...flags, '--no-password']);

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('ERR_KEY_MISMATCH'),
    });
    expect((await publicKeys('old', 'other')).root).not.toBeNull();
  });
});

describe.skipIf(!peer('strace'))('killed at any of its renames, of which there are five', () => {
  it.each([1, 2, 3, 4, 5])(
    'the keys have one password, all others work, and the next run cleans up (%i)',
    async (rename) => {
      await place.ok('init-ca', '--password-file', 'old.pass');
      const before = await publicKeys('old');
      const { exitCode } = await killedAt(rename);
      const keys = { old: await publicKeys('old'), new: await publicKeys('new') };
      const password = keys.old.root === null ? 'new' : 'old';

      expect(exitCode).not.toBe(0);
      expect(keys[password]).toEqual(before);
      await place.ok('issue-client', `c${rename}`, '--password-file', `${password}.pass`);
      await place.ok(
        'rekey-password',
        ...['--password-file', `${password}.pass`, '--new-password-file', 'third.pass'],
      );
      expect(await publicKeys('third')).toEqual(before);
      expect(readdirSync(place.at('pki/private')).sort()).toEqual(['issuing.key', 'root.key']);
    },
  );

  it('and it has no sixth', async () => {
    await place.ok('init-ca', '--password-file', 'old.pass');

    expect(await killedAt(6)).toMatchObject({ exitCode: 0 });
  });
});

/** Runs it from old to new, and kills it as it is about to rename for that time. */
function killedAt(rename: number): Promise<Ran> {
  const strace = ['-f', '-qq', '-o', 'trace.txt', '-e', 'trace=/^rename'];
  const inject = ['-e', `inject=/^rename:signal=KILL:when=${rename}`];
  return place.program('strace', [...strace, ...inject, process.execPath, BINARY, ...fromOldToNew]);
}

function keyFiles(): Record<string, string> {
  const names = readdirSync(place.at('pki/private'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(place.at('pki/private', name), 'utf8')]));
}

function modes(): Record<string, number> {
  const names = readdirSync(place.at('pki/private'));
  return Object.fromEntries(
    names.map((name) => [name, statSync(place.at('pki/private', name)).mode & 0o777]),
  );
}

/** The public halves of the keys as sslapi reads them, null for one that this password does not open. */
async function publicKeys(password: string, pki = 'pki'): Promise<Record<'root' | 'issuing', string | null>> {
  const folder = new PkiFolder(place.at(pki));
  const open = (role: string) => openedBy(password, Buffer.from(folder.readKey(role) ?? '').toString('utf8'));
  return { root: await open('root'), issuing: await open('issuing') };
}

async function openedBy(password: string, pem: string): Promise<string | null> {
  const [block] = pem === '' ? [] : decodePem(pem);
  const file = block && privateKeyOfPem(block);
  if (!file) return null;
  const key = await openPrivateKey(file, Passphrase.from(`${password} secret`)).catch(() => null);
  return key && createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}
