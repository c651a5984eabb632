import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPrivateKey, privateKeyOfPem } from '../../src/keys/private-key.js';
import { PkiFolder } from '../../src/store/pki-folder.js';
import type { CertificateRecord } from '../../src/store/store.js';
import { parseCertificateList, revokedCertificatesOf } from '../../src/x509/certificate-list.js';
import { crlNumberOf } from '../../src/x509/extensions/crl-number.js';
import { decodePem } from '../../src/x509/pem.js';
import { serialNumberHex } from '../../src/x509/serial-number.js';
import { build } from '../build.js';
import { seeded } from '../tls/seeded.js';
import { inParallel, type Ran, Workplace } from './sslapi.js';

const ISSUES = 200;
const AT_A_TIME = 20;
/** About as long as one of twenty takes here, so that the kills fall into every part of a run. */
const LATEST_KILL_MS = 1_200;

let place: Workplace;
beforeAll(async () => {
  build();
  place = new Workplace();
  await place.ok('init-ca', '--no-password');
});
afterAll(() => place.remove());

describe('200 parallel issues, half of them killed at random moments', () => {
  const { below } = seeded(0x5eed);
  const killAfter = Array.from({ length: ISSUES }, (_, index) => {
    if (index % 2 === 1) return null;
    return index % 4 === 0 ? below(LATEST_KILL_MS) : 'first file';
  });
  let printed: string[];
  let records: CertificateRecord[];
  beforeAll(async () => {
    const outputs = await inParallel(ISSUES, AT_A_TIME, (index) =>
      issueOrDie(`k${index}`, killAfter[index] ?? null),
    );
    printed = outputs.flatMap(({ stdout }) => /"serialNumber": "([0-9a-f]+)"/.exec(stdout)?.[1] ?? []);
    records = await recordsOf(place);
  });

  it('who was not killed has got a certificate', () => {
    const survivors = killAfter.flatMap((kill, index) => (kill === null ? [`k${index}`] : []));

    expect(survivors.filter((name) => !records.some((one) => one.name === name && one.delivered))).toEqual(
      [],
    );
  });

  it('every certificate that was printed is in the store', () => {
    const known = records.map(({ serialNumber }) => serialNumber);

    expect(printed.length).toBeGreaterThanOrEqual(ISSUES / 2);
    expect(printed.filter((serial) => !known.includes(serial))).toEqual([]);
  });

  it('every certificate that was written is in the store', () => {
    const known = records.map(({ fingerprint256 }) => fingerprint256);
    const written = issuedFolders(place).filter((name) => existsSync(pathOf(place, name, 'cert.pem')));

    expect(written.length).toBeGreaterThanOrEqual(ISSUES / 2);
    expect(written.filter((name) => !known.includes(fingerprintOf(place, name)))).toEqual([]);
  });

  it('what the store calls delivered lies there whole', () => {
    const delivered = records.filter((one) => one.name.startsWith('k') && one.delivered);

    expect(delivered.filter((one) => fingerprintOf(place, one.name) !== one.fingerprint256)).toEqual([]);
  });

  it('no file is torn, and every key is that of its certificate', async () => {
    for (const name of issuedFolders(place)) expect(await faultsOf(place, name)).toEqual([]);
  });

  it('no serial number comes twice', () => {
    const serials = records.map(({ serialNumber }) => serialNumber);

    expect(new Set(serials).size).toBe(serials.length);
  });

  it('the CRL builds, and holds what a second run of the same command found orphaned', async () => {
    const orphans = records.filter(({ delivered }) => !delivered);
    const killed = killAfter.flatMap((kill, index) => (kill === null ? [] : [`k${index}`]));
    const without = killed.filter((name) => !records.some((one) => isLive(one, name)));

    const again = await inParallel(without.length, 8, (index) =>
      place.run(['issue-client', without[index]!]),
    );
    await place.ok('gen-crl');

    const after = await recordsOf(place);
    const states = orphans.map(
      ({ serialNumber }) => after.find((one) => one.serialNumber === serialNumber)?.revocation?.reason,
    );
    expect(again.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(states.filter((reason) => reason !== 'superseded')).toEqual([]);
    expect(serialsOnCrl(place)).toEqual(
      expect.arrayContaining(orphans.map(({ serialNumber }) => serialNumber)),
    );
    expect(killed.filter((name) => !after.some((one) => isLive(one, name)))).toEqual([]);
    for (const name of issuedFolders(place)) expect(await faultsOf(place, name)).toEqual([]);
  });
});

describe('many at once', () => {
  it('twenty parallel revokes are all on the last CRL, whose number never went backwards', async () => {
    // A large key signs slowly: there is time to overtake between the number of a CRL and its file.
    await place.ok(
      'init-ca',
      '--no-password',
      '--no-intermediate',
      '--key-type',
      'rsa-4096',
      '--pki',
      'slow',
    );
    const names = Array.from({ length: 20 }, (_, index) => `r${index}`);
    const issued = await inParallel(names.length, 20, (index) =>
      place.run(['issue-client', names[index]!, '--pki', 'slow']),
    );
    const seen: bigint[] = [];
    let done = false;
    const watch = (async () => {
      for (; !done; await sleep(5)) seen.push(crlNumber(place, 'slow'));
    })();

    const revoked = await inParallel(names.length, 20, (index) =>
      place.run(['revoke', names[index]!, '--json', '--pki', 'slow']),
    );
    done = true;
    await watch;

    const numbers = revoked.map(({ stdout }) => numberIn(stdout));
    const serials = (await recordsOf(place, 'slow')).flatMap((one) =>
      names.includes(one.name) ? [one.serialNumber] : [],
    );
    expect(issued.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
    expect(revoked.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
    expect(serials.length).toBe(20);
    expect(serialsOnCrl(place, 'slow')).toEqual(expect.arrayContaining(serials));
    expect(new Set(numbers).size).toBe(20);
    expect(seen).toEqual([...seen].sort((a, b) => Number(a - b)));
    expect(crlNumber(place, 'slow')).toBe(BigInt(Math.max(...numbers)));
  });

  it('of five that want the same NAME one gets it, and four are told that it is taken', async () => {
    const runs = await inParallel(5, 5, () => place.run(['issue-client', 'same']));

    expect(runs.map(({ exitCode }) => exitCode).sort()).toEqual([0, 2, 2, 2, 2]);
    expect(runs.filter(({ stderr }) => stderr.includes('(ERR_NAME_TAKEN)')).length).toBe(4);
  });

  it('of ten that make a CA in one folder one does, and the CA is whole', async () => {
    const runs = await inParallel(10, 10, () => place.run(['init-ca', '--no-password', '--pki', 'raced']));

    expect(runs.map(({ exitCode }) => exitCode).sort()).toEqual([0, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
    expect(runs.filter(({ stderr }) => stderr.includes('(ERR_CA_EXISTS)')).length).toBe(9);
    await place.ok('issue-client', 'first', '--pki', 'raced');
    const verified = await place.program('openssl', [
      ...['verify', '-crl_check_all', '-CAfile', 'raced/ca.crt', '-CRLfile', 'raced/crl-chain.pem'],
      ...['-untrusted', 'raced/issued/first/chain.pem', 'raced/issued/first/cert.pem'],
    ]);
    expect(verified).toMatchObject({ exitCode: 0 });
  });

  it('a CA whose making is killed at any moment is made anew by the same command, or was whole', async () => {
    const { below } = seeded(7);
    const outcomes = await inParallel(8, 4, async (index) => {
      const args = ['init-ca', '--no-password', '--pki', `cut${index}`];
      const child = place.start(args);
      const ended = new Promise((settle) => child.once('close', settle));
      await sleep(60 + below(240));
      child.kill('SIGKILL');
      await ended;
      const { exitCode, stderr } = await place.run(args);
      const issue = await place.run(['issue-client', 'a', '--pki', `cut${index}`]);
      return { again: exitCode === 0 || stderr.includes('(ERR_CA_EXISTS)'), issue: issue.exitCode };
    });

    expect(outcomes).toEqual(outcomes.map(() => ({ again: true, issue: 0 })));
  });
});

/** Kills it after so many milliseconds, or as soon as a file of it is to be seen: in the midst of its writing. */
function issueOrDie(name: string, killAfter: number | 'first file' | null): Promise<Ran> {
  const child = place.start(['issue-client', name, '--json']);
  const output = { exitCode: 0, stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (output.stdout += chunk));
  child.stderr?.on('data', (chunk) => (output.stderr += chunk));
  const kill = () => child.kill('SIGKILL');
  const timer = typeof killAfter === 'number' ? setTimeout(kill, killAfter) : undefined;
  const firstFile = pathOf(place, name, 'privkey.pem');
  const look = () => (existsSync(firstFile) ? kill() : false);
  const watch = killAfter === 'first file' ? setInterval(look, 1) : undefined;
  return new Promise((settle) =>
    child.once('close', (code) => {
      clearTimeout(timer);
      clearInterval(watch);
      settle({ ...output, exitCode: code ?? 255 });
    }),
  );
}

async function recordsOf(where: Workplace, pki = 'pki'): Promise<CertificateRecord[]> {
  const store = await new PkiFolder(where.at(pki)).openStore();
  return store.read((read) => read.certificates({})).finally(() => store.close());
}

function issuedFolders(where: Workplace): string[] {
  return readdirSync(where.at('pki', 'issued'));
}

function pathOf(where: Workplace, name: string, file: string): string {
  return where.at('pki', 'issued', name, file);
}

function fingerprintOf(where: Workplace, name: string): string {
  const certificate = new X509Certificate(readFileSync(pathOf(where, name, 'cert.pem')));
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** What is wrong with the files of a NAME. Files that begin with a dot are not there yet. */
async function faultsOf(where: Workplace, name: string): Promise<string[]> {
  const files = readdirSync(where.at('pki', 'issued', name)).filter((file) => !file.startsWith('.'));
  const faults: string[] = [];
  for (const file of files) {
    const text = readFileSync(pathOf(where, name, file), 'utf8');
    if (!/^-----BEGIN [A-Z ]+-----\n[\s\S]+-----END [A-Z ]+-----\n$/.test(text))
      faults.push(`${file} is torn`);
    else if (text.includes('BEGIN CERTIFICATE')) new X509Certificate(text);
    else if (files.includes('cert.pem')) {
      const key = await openPrivateKey(privateKeyOfPem(decodePem(text)[0]!)!);
      const certificate = new X509Certificate(readFileSync(pathOf(where, name, 'cert.pem')));
      if (!certificate.checkPrivateKey(key)) faults.push(`${file} is another's key`);
    }
  }
  return faults;
}

function crlOf(where: Workplace, pki = 'pki') {
  return parseCertificateList(decodePem(readFileSync(where.at(pki, 'crl.pem'), 'latin1'))[0]!.der);
}

function crlNumber(where: Workplace, pki = 'pki'): bigint {
  return crlNumberOf(crlOf(where, pki)) ?? -1n;
}

function serialsOnCrl(where: Workplace, pki = 'pki'): string[] {
  return [...revokedCertificatesOf(crlOf(where, pki))].map(({ serialNumber }) =>
    serialNumberHex(serialNumber),
  );
}

function numberIn(stdout: string): number {
  const { crls } = JSON.parse(stdout) as { crls: Array<{ ca: string; number: string }> };
  return Number(crls.find(({ ca }) => ca === 'issuing')?.number);
}

function isLive({ name, delivered, revocation }: CertificateRecord, wanted: string): boolean {
  return name === wanted && delivered && revocation === null;
}
