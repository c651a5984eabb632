import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DueItem } from '../../src/ca/status.js';
import { DAY_MS } from '../../src/ca/validity-period.js';
import { peer } from '../peers/peer.js';
import { BEGIN, LabAuthority } from './lab-authority.js';

let lab: LabAuthority;
beforeEach(async () => {
  lab = await LabAuthority.make();
});
afterEach(() => lab.remove());

const day = (days: number) => new Date(BEGIN.getTime() + days * DAY_MS);
const told = ({ due }: { due: readonly DueItem[] }) =>
  due.map(({ kind, name, reason }) => `${kind} ${name} ${reason}`);
const now = async (wish = {}) => told(await lab.ca.status(wish));
const at = async (days: number, wish = {}) => told(await lab.ca.status({ at: day(days), ...wish }));

describe('a new CA', () => {
  it('has nothing that is due', async () => {
    await lab.ca.issueServer({ commonName: 'api.test' });
    await lab.ca.issueClient({ commonName: 'alice', folder: join(lab.folder, 'out') });

    expect(await now()).toEqual([]);
  });

  it.each(['ed25519', 'rsa-2048'] as const)('a single one with %s neither', async (keyType) => {
    const single = await LabAuthority.make({ noIntermediate: true, keyType });
    const status = await single.ca.status().finally(() => single.remove());

    expect(told(status)).toEqual([]);
  });
});

describe('what is due', () => {
  it.each([
    // a CRL of 30 days: the last fifth; of 90 days and more: 30 days
    ['the CRL with more than a fifth of its life left', 23.9, []],
    ['the CRL with less', 24.1, ['crl issuing expires']],
    ['a client with more than a third of its life left', 59.9, ['crl issuing expired']],
    ['a client with less', 60.1, ['crl issuing expired', 'certificate alice expires']],
    [
      'a server a month before',
      368,
      [
        'crl issuing expired',
        'certificate alice expired',
        'crl root expired',
        'certificate api.test expires',
      ],
    ],
  ])('%s', async (_, days, expected) => {
    await lab.ca.issueServer({ commonName: 'api.test' });
    await lab.ca.issueClient({ commonName: 'alice' });

    expect(await at(days)).toEqual(expected);
    lab.pass(days);
    expect(await now()).toEqual(expected.filter((one) => !one.includes('alice expired'))); // given up by then
  });

  it.each([
    ['within a time', 70, { within: 10 * 86_400 }, []],
    ['within a time', 81, { within: 10 * 86_400 }, ['certificate alice expires']],
    ['of what lives shorter than that, a third', 59, { within: 100 * 86_400 }, []],
  ])('%s', async (_, days, wish, expected) => {
    await lab.ca.issueClient({ commonName: 'alice' });
    await lab.ca.generateCrls({ nextUpdateSeconds: 1000 * 86_400 });

    expect(await at(days, wish)).toEqual(expected);
  });

  it('stands in order of time, with the serial number and the very second of its end', async () => {
    await lab.ca.issueServer({ commonName: 'api.test', validityDays: 40 });
    await lab.ca.issueClient({ commonName: 'alice', validityDays: 20 });
    const { due } = await lab.ca.status({ at: day(4000) });
    const ends = due.map(({ dueAt }) => dueAt.getTime());

    expect(due.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'certificate alice',
      'crl issuing',
      'certificate api.test',
      'crl root',
      'ca issuing.ca',
      'ca root.ca',
    ]);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(due[0]).toMatchObject({
      serialNumber: expect.stringMatching(/^[0-9a-f]+$/),
      dueAt: lab.leaf('alice').validity.notAfter,
    });
  });

  it('is the newest certificate of each NAME; what is revoked is nobody’s worry', async () => {
    await lab.ca.issueClient({ commonName: 'renewed', validityDays: 10 });
    await lab.ca.issueClient({ commonName: 'revoked', validityDays: 10 });
    await lab.ca.revoke(await lab.ca.find('revoked'));
    lab.pass(9);
    expect(await now()).toEqual(['certificate renewed expires']);

    await lab.ca.renew(lab.ca.renewable(await lab.ca.find('renewed')));
    expect(await now()).toEqual([]);
  });

  it('is a leaf that outlives its CA, when the CA ends', async () => {
    await lab.ca.issueServer({ commonName: 'api.test' });
    const [record] = await lab.ca.find('api.test');
    const end = lab.ca.issuing.parsed.validity.notAfter;
    const imported = {
      ...record!,
      serialNumber: '0f',
      line: '0f',
      name: 'old.test',
      notAfter: new Date(end.getTime() + DAY_MS),
    };
    const store = await lab.ca.folder.openStore();
    await store
      .transaction((transaction) => transaction.insertCertificate(imported))
      .finally(() => store.close());
    const { due } = await lab.ca.status({ at: new Date(end.getTime() - DAY_MS) });

    expect(due.find(({ name }) => name === 'old.test')).toMatchObject({
      reason: 'outlives-its-ca',
      dueAt: end,
    });
  });
});

describe('a record that a crash left behind', () => {
  it('is due while nobody is at its NAME', async () => {
    mkdirSync(lab.at('issued'), { recursive: true });
    writeFileSync(lab.at('issued', 'alice'), 'a file where a folder belongs');
    await expect(lab.ca.issueClient({ commonName: 'alice' })).rejects.toThrow();
    const lock = await lab.ca.folder.lockForName('alice');
    expect(await now()).toEqual([]);
    lock.release();

    expect(await now()).toEqual(['certificate alice not-delivered']);
    rmSync(lab.at('issued', 'alice'));
    await lab.ca.issueClient({ commonName: 'alice' });
    expect(await now()).toEqual([]);
  });
});

describe('a file on disk', () => {
  beforeEach(async () => {
    await lab.ca.issueServer({ commonName: 'api.test' });
    await lab.ca.issueClient({ commonName: 'alice' });
    await lab.ca.issueClient({ commonName: 'bob', folder: join(lab.folder, 'out') });
  });
  const key = 'issued/alice/privkey.pem';
  const elsewhere = () => join(lab.folder, 'out', 'privkey.pem');

  it.each<[string, () => unknown, () => string[]]>([
    ['of the CA that is gone', () => rmSync(lab.at('ca-chain.crt')), () => ['file ca-chain.crt missing']],
    [
      'of the CA with another content',
      () => copyFileSync(lab.at('ca-chain.crt'), lab.at('ca.crt')),
      () => ['file ca.crt differs'],
    ],
    ['of CRLs that is gone', () => rmSync(lab.at('crl-chain.pem')), () => ['file crl-chain.pem missing']],
    [
      'of CRLs that is torn',
      () => writeFileSync(lab.at('crl.pem'), '-----BEGIN X509 CRL-----\nMIIB'),
      () => ['file crl.pem differs'],
    ],
    [
      'of a certificate that is not the newest',
      () => copyFileSync(lab.at('issued/api.test/cert.pem'), lab.at('issued/alice/cert.pem')),
      () => ['file issued/alice/cert.pem differs'],
    ],
    [
      'of a key that is another’s',
      () => copyFileSync(lab.at('issued/api.test/privkey.pem'), lab.at(key)),
      () => [`file ${key} not-the-key`],
    ],
    [
      'of a key that is garbage',
      () => writeFileSync(lab.at(key), 'garbage'),
      () => [`file ${key} not-the-key`],
    ],
    ['of a key that others can read', () => chmodSync(lab.at(key), 0o640), () => [`file ${key} mode`]],
    [
      'of a key elsewhere that others can read',
      () => chmodSync(elsewhere(), 0o604),
      () => [`file ${elsewhere()} mode`],
    ],
    [
      'of a CA’s key that others can read',
      () => chmodSync(lab.at('private/root.key'), 0o644),
      () => ['file private/root.key mode'],
    ],
    [
      'of a CA’s key that is gone',
      () => rmSync(lab.at('private/issuing.key')),
      () => ['file private/issuing.key missing'],
    ],
    ['the root’s key that is away: nothing', () => rmSync(lab.at('private/root.key')), () => []],
    [
      'a folder of keys that others can enter',
      () => chmodSync(lab.at('private'), 0o755),
      () => ['file private mode'],
    ],
    [
      'the store that others can read',
      () => chmodSync(lab.at('sslapi.db'), 0o644),
      () => ['file sslapi.db mode'],
    ],
    [
      'a certificate’s files that are kept elsewhere: nothing',
      () => rmSync(lab.at('issued/alice'), { recursive: true }),
      () => [],
    ],
  ])('%s', async (_, harm, expected) => {
    harm();

    expect(await now()).toEqual(expected());
  });

  it.runIf(process.getuid?.() === 0)('of a key that belongs to another user than its folder', async () => {
    chownSync(lab.at(key), 33, 33);
    chownSync(lab.at('private/issuing.key'), 33, 33);

    expect(await now()).toEqual(['file private/issuing.key owner', `file ${key} owner`]);
  });

  it('that an older CRL was put over', async () => {
    for (const file of ['crl.pem', 'crl-chain.pem', 'crl/issuing.crl'])
      copyFileSync(lab.at(file), join(lab.folder, file.replace('/', '-')));
    await lab.ca.revoke(await lab.ca.find('alice'));
    for (const file of ['crl.pem', 'crl-chain.pem', 'crl/issuing.crl'])
      copyFileSync(join(lab.folder, file.replace('/', '-')), lab.at(file));

    expect(await now()).toEqual(['file crl/issuing.crl differs']);
  });
});

it.runIf(peer('openssl'))('what is foretold for a day is what OpenSSL says on that day', async () => {
  await lab.ca.issueServer({ commonName: 'api.test' });
  await lab.ca.issueClient({ commonName: 'alice', validityDays: 20 });
  const { due } = await lab.ca.status({ at: day(5000) });
  const first = (name: string, kinds: readonly string[]) =>
    due.find((one) => kinds.includes(one.kind) && (one.kind !== 'certificate' || one.name === name))!.dueAt;

  for (const name of ['alice', 'api.test']) {
    const end = Math.floor(first(name, ['certificate', 'crl', 'ca']).getTime() / 1000);
    expect(opensslAccepts(name, end - 1)).toBe(true);
    expect(opensslAccepts(name, end + 1)).toBe(false);
  }
});

function opensslAccepts(name: string, at: number): boolean {
  const trust = [
    '-CAfile',
    lab.at('ca.crt'),
    '-untrusted',
    lab.at('issued', name, 'chain.pem'),
    '-attime',
    String(at),
  ];
  const crls = ['-crl_check_all', '-CRLfile', lab.at('crl-chain.pem')];
  try {
    execFileSync('openssl', ['verify', ...trust, ...crls, lab.at('issued', name, 'cert.pem')], {
      stdio: 'pipe',
    });
    return true;
  } catch {
    return false;
  }
}
