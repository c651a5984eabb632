import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import { SslapiError } from '../../src/errors.js';
import { openDatabase } from '../../src/store/sqlite-driver.js';
import { build } from '../build.js';
import { peer } from '../peers/peer.js';
import { seeded } from '../tls/seeded.js';
import { type Ran, Workplace } from './sslapi.js';

let place: Workplace;
beforeAll(async () => {
  build();
  place = new Workplace();
  await place.ok('init-ca', '--no-password', '--pki', 'whole');
  await place.ok('issue-client', 'alice', '--pki', 'whole');
  await place.ok('issue-server', 'api.test', '--pki', 'whole');
});
afterAll(() => place.remove());
beforeEach(() => {
  rmSync(place.at('pki'), { recursive: true, force: true });
  cpSync(place.at('whole'), place.at('pki'), { recursive: true });
});

/** What a command line is used for every day. */
const DAILY = [
  'issue-client bob',
  'renew alice',
  'renew alice --rekey',
  'revoke alice',
  'gen-crl',
  'list',
  'status',
];

describe('a store that', () => {
  it.each(DAILY)(
    'another process holds for too long is told by %s',
    async (line) => {
      const command = line.split(' ');
      const before = readFileSync(place.at('pki', 'sslapi.db')); // read while it is held, it would no longer be: POSIX
      const other = openDatabase(place.at('pki', 'sslapi.db'));
      other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
      const ran = await impatiently(command);
      other.close();

      expect(ran.exitCode).toBe(3);
      expect(ran.stderr).toMatch(/^error: the store was locked for 120 s \(ERR_STORE_BUSY\)\nhint: .+\n$/);
      expect(readFileSync(place.at('pki', 'sslapi.db')).equals(before)).toBe(true);
      expect((await place.run(command)).exitCode).toBe(0);
    },
    30_000,
  );

  it.each(DAILY)('a newer sslapi made is told by %s, and is left alone', async (line) => {
    const command = line.split(' ');
    const database = openDatabase(place.at('pki', 'sslapi.db'));
    database.exec('PRAGMA user_version = 999');
    database.close();
    const before = readFileSync(place.at('pki', 'sslapi.db'));
    const { exitCode, stderr } = await place.run(command);

    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /^error: the store has version 999, this sslapi knows \d+ \(ERR_STORE_NEWER\)\nhint: .+\n$/,
    );
    expect(readFileSync(place.at('pki', 'sslapi.db')).equals(before)).toBe(true);
  });

  it.each([
    ['garbage', (path: string) => writeFileSync(path, 'x'.repeat(20_000))],
    ['cut in half', (path: string) => truncateSync(path, Math.floor(statSync(path).size / 8192) * 4096)],
    ['garbage in its text', (path: string) => overwrite(path, 'CN=alice', 0xff)],
    ['garbage in its names', (path: string) => overwrite(path, '["DNS:api', 0x41)],
  ])('is %s is told, with 3, and nothing is written over it', async (_, harm) => {
    harm(place.at('pki', 'sslapi.db'));
    const before = readFileSync(place.at('pki', 'sslapi.db'));
    const { exitCode, stdout, stderr } = await place.run(['list']);

    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^error: .+ \(ERR_(STORE_DAMAGED|CA_NOT_FOUND)\)\nhint: .+\n$/);
    expect(readFileSync(place.at('pki', 'sslapi.db')).equals(before)).toBe(true);
  });

  it('was emptied is told, by init-ca too, and the keys stay', async () => {
    truncateSync(place.at('pki', 'sslapi.db'), 0);
    const key = readFileSync(place.at('pki', 'private', 'issuing.key'), 'utf8');

    for (const command of [['list'], ['issue-client', 'bob'], ['init-ca', '--no-password']])
      expect(await place.run(command)).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('has forgotten its CA (ERR_STORE_DAMAGED)'),
      });
    expect(readFileSync(place.at('pki', 'private', 'issuing.key'), 'utf8')).toBe(key);
  });

  it('is damaged anywhere never brings a command down, nor is taken for an error of its user', async () => {
    const { below } = seeded(0xdb);
    const whole = readFileSync(place.at('whole', 'sslapi.db'));
    const codes = new Map<string, number>();
    for (let round = 0; round < 120; round += 1) {
      const bytes = Buffer.from(whole);
      const length = 1 + below(200);
      const at = below(bytes.length - length);
      for (let index = at; index < at + length; index += 1) bytes[index] = below(256);
      writeFileSync(place.at('pki', 'sslapi.db'), bytes);
      const code = await codeOf(place.at('pki'));
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }

    expect([...codes.keys()].filter((code) => !ALLOWED.has(code))).toEqual([]);
    expect(codes.get('ERR_STORE_DAMAGED')).toBeGreaterThan(5);
  }, 60_000);
});

describe.runIf(canMount())('a disk that is full', () => {
  const folder = '/tmp/sslapi-full-disk';
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder]);
    for (const args of [
      ['init-ca', '--no-password'],
      ['issue-client', 'alice'],
      ['issue-server', 'api.test'],
    ])
      await place.ok(...args, '--pki', `${folder}/pki`);
  });
  afterAll(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });

  it.each([0, 16, 36, 48, 64, 80, 100, 130, 200])(
    'but for %d KiB is told in a line, and nothing is lost',
    async (kib) => {
      fill(folder, kib);
      const wrong: string[] = [];
      const serials: string[] = [];
      for (const args of [
        ['issue-client', `n${kib}`],
        ['renew', 'alice', '--rekey'],
        ['revoke', 'api.test'],
        ['gen-crl'],
        ['issue-server', 'api.test'],
      ]) {
        const ran = await place.run([...args, '--json', '--quiet', '--pki', `${folder}/pki`]);
        if (!isPlain(ran)) wrong.push(`${args.join(' ')}: ${ran.exitCode} ${ran.stderr}`);
        serials.push(
          ...(/"certificate": \{[^}]*"serialNumber": "([0-9a-f]+)"/.exec(ran.stdout)?.slice(1) ?? []),
        );
      }
      rmSync(`${folder}/filler`);
      const at = (file: string) => `${folder}/pki/${file}`;
      const { certificates } = await place.json<{ certificates: { serialNumber: string }[] }>(
        'list',
        '--pki',
        `${folder}/pki`,
      );
      const known = certificates.map(({ serialNumber }) => serialNumber);
      const chain = [
        '-CAfile',
        at('ca.crt'),
        '-CRLfile',
        at('crl-chain.pem'),
        '-untrusted',
        at('ca-chain.crt'),
      ];
      const verified = await place.program('openssl', [
        'verify',
        '-crl_check_all',
        ...chain,
        at('issued/alice/cert.pem'),
      ]);
      const status = await place.run(['status', '--json', '--pki', `${folder}/pki`]);
      const due = (JSON.parse(status.stdout) as { due: { reason: string }[] }).due.map(
        ({ reason }) => reason,
      );

      expect(wrong).toEqual([]);
      expect(serials.filter((serial) => !known.includes(serial))).toEqual([]);
      expect(verified.stdout).toContain('OK');
      expect(due.filter((reason) => reason !== 'not-delivered')).toEqual([]);
      for (const args of [
        ['issue-client', `n${kib}`],
        ['issue-server', 'api.test'],
      ])
        await place.ok(...args, '--force', '--pki', `${folder}/pki`);
      await place.ok('renew', 'alice', '--pki', `${folder}/pki`);
      expect((await place.run(['status', '--pki', `${folder}/pki`])).stdout).toBe('nothing is due\n');
    },
    30_000,
  );
});

/** Done, or one clear line, a hint and the code of what could not be done. */
function isPlain({ exitCode, stdout, stderr }: Ran): boolean {
  if (exitCode === 0) return true;
  const told = /^(warning: .+\n)*error: .+ \(ERR_(IO|NAME_TAKEN|ALREADY_REVOKED)\)\nhint: .+\n$/.test(stderr);
  return told && (exitCode === 3 || stderr.includes('ERR_NAME_TAKEN')) && stdout.includes('"error"');
}

function fill(folder: string, kib: number): void {
  const path = `${folder}/filler`;
  try {
    for (;;) writeFileSync(path, Buffer.alloc(65_536), { flag: 'a' });
  } catch {
    truncateSync(path, Math.max(0, statSync(path).size - kib * 1024));
  }
}

/** The same under a clock that runs two hundred times as fast: nobody waits two minutes for a test. */
function impatiently(command: readonly string[]): Promise<Ran> {
  return place.program('faketime', [
    '-f',
    '+0 x200',
    process.execPath,
    `${process.cwd()}/bin/sslapi.js`,
    ...command,
  ]);
}

async function codeOf(pki: string): Promise<string> {
  try {
    const ca = await CertificateAuthority.open({ pki });
    try {
      await ca.list();
      await ca.status();
      await ca.renew(ca.renewable(await ca.find('alice')));
      await ca.generateCrls();
    } finally {
      await ca.close();
    }
    return 'done';
  } catch (error) {
    return error instanceof SslapiError ? error.code : String(error);
  }
}

function overwrite(path: string, text: string, octet: number): void {
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text);
  bytes.fill(octet, at, at + text.length);
  writeFileSync(path, bytes);
}

function canMount(): boolean {
  return (
    peer('mount') && process.getuid?.() === 0 && process.platform === 'linux' && existsSync('/proc/mounts')
  );
}

/** A name that is another after the damage is one that nobody has. */
const ALLOWED: ReadonlySet<string> = new Set([
  'done',
  'ERR_STORE_DAMAGED',
  'ERR_STORE_NEWER',
  'ERR_CA_NOT_FOUND',
  'ERR_CERTIFICATE_UNKNOWN',
  'ERR_NOT_RENEWABLE',
  'ERR_KEY_MISMATCH',
]);
