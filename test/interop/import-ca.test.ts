import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificateList, revokedCertificatesOf } from '../../src/x509/certificate-list.js';
import { crlNumberOf } from '../../src/x509/extensions/crl-number.js';
import { invalidityDateOf } from '../../src/x509/extensions/invalidity-date.js';
import { reasonCodeOf } from '../../src/x509/extensions/reason-code.js';
import { decodePem } from '../../src/x509/pem.js';
import { serialNumberHex } from '../../src/x509/serial-number.js';
import { build } from '../build.js';
import { peer } from '../peers/peer.js';
import { EASY_RSA, easyRsaCa, type ForeignCa, OpensslCa } from './foreign-ca.js';
import { Workplace } from './sslapi.js';

const PASSWORD = 'of the old CA';
const there = peer('openssl') && easyRsaIsThere();

describe.skipIf(!there).each<[string, (folder: string) => ForeignCa, encrypted: boolean]>([
  ['easy-rsa, EC, in clear', (folder) => easyRsaCa(folder, 'ec', null), false],
  ['easy-rsa, RSA, encrypted', (folder) => easyRsaCa(folder, 'rsa', PASSWORD), true],
  ['openssl ca, RSA, in clear', (folder) => new OpensslCa(folder, 'rsa', null).fill(), false],
  ['openssl ca, EC, encrypted', (folder) => new OpensslCa(folder, 'ec', PASSWORD).fill(), true],
])('a CA of %s', (_what, make, encrypted) => {
  let place: Workplace;
  let foreign: ForeignCa;
  let before: string;
  let old: Map<string, string>;
  beforeAll(async () => {
    build();
    place = new Workplace();
    writeFileSync(place.at('old.pass'), `${PASSWORD}\n`);
    writeFileSync(place.at('new.pass'), 'of the new CA\n');
    foreign = make(place.at('old'));
    before = digestOf(foreign.folder);
    old = revocationsIn(foreign.crl);
    const source = encrypted ? ['--source-password-file', 'old.pass'] : [];
    await place.ok('import-ca', foreign.flag, 'old', ...source, '--password-file', 'new.pass');
  }, 120_000);
  afterAll(() => place.remove());

  it('is read, and not touched', () => {
    expect(digestOf(foreign.folder)).toBe(before);
  });

  it('has its key encrypted anew, by the password that is ours', () => {
    const pem = readFileSync(place.at('pki', 'private', 'issuing.key'), 'latin1');

    expect(pem).toContain('BEGIN ENCRYPTED PRIVATE KEY');
    expect(statSync(place.at('pki', 'private', 'issuing.key')).mode & 0o777).toBe(0o600);
  });

  it('keeps every revocation, with its date, its reason and since when, and reserves one serial number', () => {
    const now = revocationsIn(place.at('pki', 'crl.pem'));

    expect(old.size).toBeGreaterThanOrEqual(3);
    for (const [serial, entry] of old) expect({ serial, entry: now.get(serial) }).toEqual({ serial, entry });
    expect(now.size).toBe(old.size + 1);
  });

  it('goes on with the numbers of its CRLs', async () => {
    const last = numberIn(foreign.crl);
    const first = numberIn(place.at('pki', 'crl.pem'));
    await place.ok('gen-crl', '--password-file', 'new.pass');

    expect(first).toBe((last ?? 0n) + 1n);
    expect(numberIn(place.at('pki', 'crl.pem'))).toBe(first! + 1n);
    expect(revocationsIn(place.at('pki', 'crl.pem')).size).toBe(old.size + 1);
  });

  it('lists of every certificate what openssl verify says of it', async () => {
    const listed = await certificatesOf(place);

    for (const { file, profile, reason, name } of foreign.issued) {
      const serialNumber = await serialIn(place, file);
      const one = listed.find((certificate) => certificate.serialNumber === serialNumber);
      expect({ name, ...one }).toMatchObject({ profile, status: reason === null ? 'valid' : 'revoked' });
      expect(one!.name.startsWith(name)).toBe(true);
      expect((await verified(place, file)).trim()).toMatch(reason === null ? /: OK$/ : /certificate revoked/);
    }
  });

  it('has one NAME for each live certificate', async () => {
    const live = (await certificatesOf(place))
      .filter(({ status }) => status === 'valid')
      .map(({ name }) => name);

    expect(new Set(live).size).toBe(live.length);
  });

  it('issues, renews, revokes and takes off hold as any CA does', async () => {
    const pass = ['--password-file', 'new.pass'];
    const held = foreign.issued.find(({ reason }) => reason === 'certificateHold')!;
    const valid = foreign.issued.filter(({ reason }) => reason === null);
    await place.ok('issue-client', 'newcomer', ...pass);
    await place.ok('unrevoke', await serialIn(place, held.file), ...pass);
    const { certificate } = await place.json<{ certificate: { serialNumber: string } }>(
      'renew',
      valid[0]!.name,
      ...pass,
    );
    await place.ok(
      'revoke',
      await serialIn(place, valid.at(-1)!.file),
      '--reason',
      'affiliationChanged',
      ...pass,
    );

    expect(await verified(place, 'pki/issued/newcomer/cert.pem')).toContain(': OK');
    expect(await verified(place, held.file)).toContain(': OK');
    expect(await verified(place, valid.at(-1)!.file)).toContain('certificate revoked');
    expect(certificate.serialNumber).not.toBe(await serialIn(place, valid[0]!.file));
    expect(await verified(place, `pki/issued/${valid[0]!.name}/cert.pem`)).toContain(': OK');
    expect((await place.run(['status'])).stdout).toBe('nothing is due\n');
  });

  it('gives an index of which openssl ca makes the same CRL', async () => {
    await place.ok('export', '--index-txt', 'index.txt', '--force');
    writeFileSync(place.at('crlnumber'), '7F\n');
    writeFileSync(place.at('ours.cnf'), CONFIGURATION);
    const pass = encrypted ? ['-passin', `pass:${PASSWORD}`] : [];
    const made = await place.program('openssl', [
      ...['ca', '-config', 'ours.cnf', '-gencrl', '-cert', foreign.certificate, '-keyfile', foreign.key],
      ...[...pass, '-out', 'theirs.pem'],
    ]);
    const ours = revocationsIn(place.at('pki', 'crl.pem'));
    const theirs = revocationsIn(place.at('theirs.pem'));
    const reserved = [...ours.keys()].filter((serial) => !theirs.has(serial));

    expect(made).toMatchObject({ exitCode: 0 });
    expect(reserved).toHaveLength(1);
    for (const [serial, entry] of theirs)
      expect({ serial, entry }).toEqual({ serial, entry: ours.get(serial) });
    expect(theirs.size).toBe(ours.size - 1);
  });

  it('gives an index of which openssl ocsp answers good, revoked and unknown', async () => {
    await place.ok('export', '--index-txt', 'ocsp.txt', '--force');
    const listed = await certificatesOf(place);
    const good = listed.find(
      ({ status, profile }) => status === 'valid' && profile === 'client',
    )!.serialNumber;
    const revoked = listed.find(({ status }) => status === 'revoked')!.serialNumber;
    const serials = [good, revoked, 'ffff01'].flatMap((serial) => ['-serial', `0x${serial}`]);
    const pass = encrypted ? ['-passin', `pass:${PASSWORD}`] : [];
    await place.program('openssl', ['pkey', '-in', foreign.key, ...pass, '-out', 'responder.key']);
    await place.program('openssl', ['ocsp', '-issuer', 'pki/ca.crt', ...serials, '-reqout', 'request.der']);
    const { stdout } = await place.program('openssl', [
      ...[
        'ocsp',
        '-index',
        'ocsp.txt',
        '-CA',
        'pki/ca.crt',
        '-rsigner',
        'pki/ca.crt',
        '-rkey',
        'responder.key',
      ],
      ...['-reqin', 'request.der', '-text'],
    ]);
    const answers = [...stdout.matchAll(/Serial Number: (\w+)\s+Cert Status: (\w+)/g)].map(
      ([, serial, answer]) => [serial!.toLowerCase(), answer],
    );

    expect(answers).toEqual([
      [good, 'good'],
      [revoked, 'revoked'],
      ['ffff01', 'unknown'],
    ]);
  });

  it('is not imported over itself, nor into its own folder', async () => {
    const source = encrypted ? ['--source-password-file', 'old.pass'] : [];
    const again = await place.run(['import-ca', foreign.flag, 'old', ...source, '--no-password']);

    expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('ERR_CA_EXISTS') });
    expect(await place.run(['list'])).toMatchObject({ exitCode: 0 });
  });
});

describe.skipIf(!there)('a CA below a root', () => {
  let place: Workplace;
  let root: OpensslCa;
  let issuing: OpensslCa;
  beforeAll(() => {
    build();
    place = new Workplace();
    root = new OpensslCa(place.at('root'), 'ec', null);
    issuing = new OpensslCa(place.at('issuing'), 'ec', null, root);
    const fallen = new OpensslCa(place.at('fallen'), 'ec', null, root); // its serial number, 1001, comes again below
    root.revoke(fallen.certificate);
    root.generateCrl();
    issuing.issue('alice', '/CN=alice', 'client');
    issuing.issue('mallory', '/CN=mallory', 'client', {
      reason: 'keyCompromise',
      how: ['-crl_reason', 'keyCompromise'],
    });
    issuing.generateCrl();
  });
  afterAll(() => place.remove());

  it('is not imported without the certificate of the root', async () => {
    const { exitCode, stderr } = await place.run([
      'import-ca',
      '--openssl',
      'issuing',
      '--no-password',
      '--pki',
      'p0',
    ]);

    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--chain FILE'),
    });
    expect(existsSync(place.at('p0'))).toBe(false);
  });

  it('goes on below it, while the key of the root is elsewhere', async () => {
    await place.ok(
      'import-ca',
      '--openssl',
      'issuing',
      '--chain',
      'root/cacert.pem',
      '--crl',
      'root/crl.pem',
      '--no-password',
      '--pki',
      'p1',
    );
    await place.ok('issue-client', 'bob', '--pki', 'p1');

    for (const [file, answer] of [
      [issuing.issued[0]!.file, ': OK'],
      [issuing.issued[1]!.file, 'certificate revoked'],
      ['p1/issued/bob/cert.pem', ': OK'],
    ] as const)
      expect(await verified(place, file, 'p1')).toContain(answer);
    expect(readFileSync(place.at('p1', 'crl', 'root.crl'))).toEqual(
      Buffer.from(decodePem(readFileSync(root.crl, 'latin1'))[0]!.der),
    );
    expect(existsSync(place.at('p1', 'private', 'root.key'))).toBe(false);
  });

  it('keeps what the root revoked once the key of the root comes back, though a leaf has that serial number', async () => {
    const number = numberIn(root.crl)!;
    writeFileSync(place.at('root.key'), readFileSync(root.key));
    await place.ok(
      'import-ca',
      '--openssl',
      'issuing',
      '--chain',
      'root/cacert.pem',
      '--crl',
      'root/crl.pem',
      '--root-key',
      'root.key',
      '--no-password',
      '--pki',
      'p2',
    );
    const crl = parseCertificateList(readFileSync(place.at('p2', 'crl', 'root.crl')));
    const serials = [...revokedCertificatesOf(crl)].map(({ serialNumber }) => serialNumberHex(serialNumber));

    expect(serials).toContain('1001');
    expect(serials).toHaveLength(2);
    expect(crlNumberOf(crl)).toBe(number + 1n);
    expect((await place.run(['list', '--pki', 'p2'])).stdout).toMatch(/mallory +client +revoked .* 1001\n/);
  });

  it('says on every command that there is no CRL of the root, where none came with it', async () => {
    const { stderr } = await place.run([
      'import-ca',
      '--openssl',
      'issuing',
      '--chain',
      'root/cacert.pem',
      '--no-password',
      '--pki',
      'p3',
    ]);
    const listed = await place.run(['list', '--pki', 'p3']);
    const generated = await place.run(['gen-crl', '--pki', 'p3', '--root-key', 'root/private/cakey.pem']);

    expect(stderr).toContain('there is no CRL of the root');
    expect(listed.stderr).toContain('the CRL of the root CA is missing');
    expect(generated).toMatchObject({ exitCode: 0 });
    expect(await verified(place, issuing.issued[0]!.file, 'p3')).toContain(': OK');
    expect((await place.run(['list', '--pki', 'p3'])).stderr).toBe('');
  });
});

describe.skipIf(!there)('a certificate and a key alone', () => {
  let place: Workplace;
  let foreign: OpensslCa;
  beforeAll(() => {
    build();
    place = new Workplace();
    foreign = new OpensslCa(place.at('old'), 'ec', null).fill();
  });
  afterAll(() => place.remove());

  it('with a CRL keep every revocation, and holds can be lifted', async () => {
    const files = ['--cert', 'old/cacert.pem', '--key', 'old/private/cakey.pem', '--crl', 'old/crl.pem'];
    await place.ok('import-ca', ...files, '--no-password');
    const old = revocationsIn(foreign.crl);
    const now = revocationsIn(place.at('pki', 'crl.pem'));
    const held = foreign.issued.find(({ name }) => name === 'held')!;
    for (const [serial, entry] of old) expect({ serial, entry: now.get(serial) }).toEqual({ serial, entry });
    await place.ok('unrevoke', await serialIn(place, held.file));

    expect(await verified(place, held.file)).toContain(': OK');
    expect(numberIn(place.at('pki', 'crl.pem'))).toBe(numberIn(foreign.crl)! + 2n);
  });

  it.each<[string, string[], number, string]>([
    ['a key of another CA', ['--cert', 'old/cacert.pem', '--key', 'other.key'], 3, 'ERR_KEY_MISMATCH'],
    ['a leaf', ['--cert', 'leaf.pem', '--key', 'leaf.key'], 2, 'CN=leaf is no CA'],
    [
      'a torn certificate',
      ['--cert', 'torn.pem', '--key', 'old/private/cakey.pem'],
      2,
      'torn.pem cannot be read',
    ],
    [
      'a CRL of another CA',
      ['--cert', 'old/cacert.pem', '--key', 'old/private/cakey.pem', '--crl', 'other.crl'],
      2,
      'is of another CA',
    ],
    [
      'a CRL that was changed',
      ['--cert', 'old/cacert.pem', '--key', 'old/private/cakey.pem', '--crl', 'forged.crl'],
      2,
      'not signed by the key',
    ],
    [
      'a key that is none',
      ['--cert', 'old/cacert.pem', '--key', 'old/cacert.pem'],
      3,
      'holds no private key',
    ],
    [
      'a file that is not there',
      ['--cert', 'nothing.pem', '--key', 'old/private/cakey.pem'],
      2,
      'no such file',
    ],
    ['a certificate without its key', ['--cert', 'old/cacert.pem'], 2, '--key is missing'],
    ['nothing at all', [], 2, 'there is nothing to import'],
    ['a folder without an index', ['--openssl', 'empty'], 2, 'there is no index.txt'],
    ['two folders', ['--openssl', 'old', '--easyrsa', 'old'], 2, 'contradict each other'],
  ])('%s: one line, and nothing is written', async (_what, args, exitCode, line) => {
    await place.program('bash', ['-c', BAD_FILES]);
    const ran = await place.run(['import-ca', ...args, '--no-password', '--pki', 'bad']);

    expect(ran).toMatchObject({ exitCode, stdout: '' });
    expect(ran.stderr).toMatch(/^error: .*\(ERR_\w+\)\nhint: .*\n$/);
    expect(ran.stderr).toContain(line);
    expect(existsSync(place.at('bad'))).toBe(false);
  });

  it.each<[string, (lines: string[]) => string[], string]>([
    [
      'a line that is cut off',
      (lines) => [...lines.slice(0, -1), lines.at(-1)!.slice(0, 20)],
      'fields where six',
    ],
    [
      'a time that no calendar has',
      (lines) => lines.map((line, at) => (at === 2 ? line.replace(/\t\d{6}/, '\t271345') : line)),
      'line 3 of',
    ],
    ['a serial number twice', (lines) => [...lines, lines[0]!], 'stands in line 1 already'],
    [
      'an unknown reason',
      (lines) => lines.map((line) => line.replace(',superseded', ',boredom')),
      'is no revocation',
    ],
    [
      'a revoked one without its date',
      (lines) => lines.map((line) => line.replace(/^V/, 'R')),
      'not since when',
    ],
  ])('an index with %s: one line, and nothing is written', async (_what, change, line) => {
    await place.program('cp', ['-a', 'old', 'damaged']);
    const lines = readFileSync(place.at('old', 'index.txt'), 'utf8').trimEnd().split('\n');
    writeFileSync(place.at('damaged', 'index.txt'), `${change(lines).join('\n')}\n`);
    const ran = await place.run(['import-ca', '--openssl', 'damaged', '--no-password', '--pki', 'bad']);

    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^error: line \d+ of .*\(ERR_IMPORT_INVALID\)\nhint: .*\n$/);
    expect(ran.stderr).toContain(line);
    expect(existsSync(place.at('bad'))).toBe(false);
  });

  it('a damaged or missing certificate is kept as the index has it, and told', async () => {
    await place.program('cp', ['-a', 'old', 'holey']);
    await place.program('bash', [
      '-c',
      'rm holey/newcerts/1000.pem; sed -i 5s/[A-Za-z]/_/5 holey/newcerts/1004.pem',
    ]);
    const ran = await place.run(['import-ca', '--openssl', 'holey', '--no-password', '--pki', 'p5']);
    const listed = await certificatesOf(place, 'p5');

    expect(ran).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('serials 1000, 1004 are found as no whole'),
    });
    expect(listed.find(({ serialNumber }) => serialNumber === '1004')).toMatchObject({
      name: 'unspecified',
      status: 'revoked',
    });
    expect(revocationsIn(place.at('p5', 'crl.pem')).has('1004')).toBe(true);
  });

  it('a wrong password of the old key ends with 3', async () => {
    await place.program('openssl', [
      'pkcs8',
      '-topk8',
      '-in',
      'old/private/cakey.pem',
      '-passout',
      'pass:right',
      '-out',
      'closed.key',
    ]);
    writeFileSync(place.at('wrong.pass'), 'wrong');
    const key = ['--cert', 'old/cacert.pem', '--key', 'closed.key', '--no-password', '--pki', 'bad'];

    expect(await place.run(['import-ca', ...key, '--source-password-file', 'wrong.pass'])).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('ERR_PASSWORD_WRONG'),
    });
    expect(await place.run(['import-ca', ...key])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--source-password-file FILE'),
    });
    expect(existsSync(place.at('bad'))).toBe(false);
  });
});

it.skipIf(!there)(
  'fifty thousand certificates are imported in less than half a minute',
  async () => {
    const place = new Workplace();
    const foreign = new OpensslCa(place.at('old'), 'ec', null);
    foreign.issue('first', '/CN=first', 'client');
    const lines = Array.from({ length: 50_000 }, (_, at) => {
      const serial = (0x2000 + at).toString(16).toUpperCase();
      return at % 3 === 0
        ? `R\t360101000000Z\t261101000000Z,superseded\t${serial}\tunknown\t/CN=many-${at}\n`
        : `V\t360101000000Z\t\t${serial}\tunknown\t/CN=many-${at}\n`;
    });
    writeFileSync(
      place.at('old', 'index.txt'),
      readFileSync(place.at('old', 'index.txt'), 'utf8') + lines.join(''),
    );
    const start = performance.now();
    const { imported } = await place.json<{ imported: object }>(
      'import-ca',
      '--openssl',
      'old',
      '--no-password',
    );

    expect(performance.now() - start).toBeLessThan(30_000);
    expect(imported).toEqual({ valid: 33_334, revoked: 16_667, expired: 0, withKey: 0 });
    place.remove();
  },
  90_000,
);

/** It lies where no PATH leads. In CI its absence is an error. */
function easyRsaIsThere(): boolean {
  if (existsSync(EASY_RSA)) return true;
  const advice = 'easy-rsa is not installed: run test/peers/install.sh';
  if (process.env['CI']) throw new Error(advice);
  console.warn(`skipped: ${advice}`);
  return false;
}

interface Listed {
  readonly name: string;
  readonly serialNumber: string;
  readonly profile: string;
  readonly status: string;
}

async function certificatesOf(place: Workplace, pki = 'pki'): Promise<Listed[]> {
  return (await place.json<{ certificates: Listed[] }>('list', '--pki', pki)).certificates;
}

async function verified(place: Workplace, file: string, pki = 'pki'): Promise<string> {
  const { stdout, stderr } = await place.program('openssl', [
    ...['verify', '-crl_check_all', '-CAfile', `${pki}/ca.crt`, '-untrusted', `${pki}/ca-chain.crt`],
    ...['-CRLfile', `${pki}/crl-chain.pem`, file],
  ]);
  return stdout + stderr;
}

async function serialIn(place: Workplace, file: string): Promise<string> {
  const { stdout } = await place.program('openssl', ['x509', '-in', file, '-noout', '-serial']);
  return stdout.trim().replace('serial=', '').toLowerCase();
}

/** Date, reason and since when, of every serial number on a CRL. */
function revocationsIn(path: string): Map<string, string> {
  const crl = parseCertificateList(decodePem(readFileSync(path, 'latin1'))[0]!.der);
  return new Map(
    [...revokedCertificatesOf(crl)].map((entry) => [
      serialNumberHex(entry.serialNumber),
      [
        entry.revocationDate.toISOString(),
        reasonCodeOf(entry) ?? 'unspecified',
        invalidityDateOf(entry)?.toISOString(),
      ].join(' '),
    ]),
  );
}

function numberIn(path: string): bigint | undefined {
  return crlNumberOf(parseCertificateList(decodePem(readFileSync(path, 'latin1'))[0]!.der));
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name);
    hash.update(`${name} ${statSync(path).mode} `);
    if (statSync(path).isFile()) hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

const CONFIGURATION = `[ca]
default_ca = ours
[ours]
database = ./index.txt
crlnumber = ./crlnumber
default_md = sha256
default_crl_days = 3
`;

/** What a user may give by mistake. */
const BAD_FILES = `
test -e forged.crl && exit
new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.pem" -config old/openssl.cnf "\${@:2}"; }
new other -extensions authority; new leaf -extensions client
: > none.txt; mkdir empty
printf '[ca]\\ndefault_ca=x\\n[x]\\ndatabase=none.txt\\ndefault_md=sha256\\n' > other.cnf
openssl ca -config other.cnf -gencrl -crldays 3 -cert other.pem -keyfile other.key -out other.crl
head -5 old/cacert.pem > torn.pem
openssl crl -in old/crl.pem -outform DER | sed 's/Acme ec CA/Acme ec CA/' > c.der
size=$(stat -c %s c.der); head -c $((size - 20)) c.der > f.der; head -c 20 /dev/zero >> f.der
openssl base64 -in f.der | (echo '-----BEGIN X509 CRL-----'; cat; echo '-----END X509 CRL-----') > forged.crl
`;
