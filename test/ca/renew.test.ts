import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRequest } from '../../src/ca/create-request.js';
import { Passphrase } from '../../src/keys/passphrase.js';
import { openPrivateKey, privateKeyOfPem } from '../../src/keys/private-key.js';
import { openDatabase } from '../../src/store/sqlite-driver.js';
import { parseCertificateRequest } from '../../src/x509/certificate-request.js';
import { parseGeneralName } from '../../src/x509/general-name.js';
import { parseName } from '../../src/x509/name.js';
import { decodePem } from '../../src/x509/pem.js';
import { peer } from '../peers/peer.js';
import { LabAuthority } from './lab-authority.js';

let lab: LabAuthority;
beforeEach(async () => {
  lab = await LabAuthority.make();
});
afterEach(() => lab.remove());

const code = (expected: string) => expect.objectContaining({ code: expected });
const renewable = async (name: string) => lab.ca.renewable(await lab.ca.find(name));
const renew = async (name: string, wish = {}) => lab.ca.renew(await renewable(name), wish);
const read = (name: string, file: string) => readFileSync(lab.at('issued', name, file), 'utf8');
const dueNames = async (within?: number) => (await lab.ca.dueForRenewal(within)).map(({ name }) => name);

describe('a renewed certificate', () => {
  it.each([
    ['of a server', 'issueServer', { commonName: 'api.test', subject: parseName('CN=api.test,O=Acme,C=DE') }],
    ['of a client', 'issueClient', { commonName: 'alice', validityDays: 7 }],
    [
      'of days that are no whole ones',
      'issueClient',
      { commonName: 'alice', notAfter: new Date('2026-03-01T13:07:09Z') },
    ],
    ['of an RSA key', 'issueServer', { commonName: 'api.test', keyType: 'rsa-2048' }],
  ] as const)(
    '%s says the same for the same span of seconds, under a serial of its own',
    async (_, issue, wish) => {
      const names = ['DNS:api.test', 'IP:10.0.0.7', 'EMAIL:a@b.test', 'URI:spiffe://acme/api'].map(
        parseGeneralName,
      );
      await lab.ca[issue]({ ...wish, subjectAltName: names });
      const before = lab.leaf(wish.commonName);
      lab.pass(wish.commonName === 'alice' ? 0.02 : 300);
      await renew(wish.commonName);
      const after = lab.leaf(wish.commonName);
      const contents = ({ extensions, subject, issuer, subjectPublicKeyInfo }: typeof before) => ({
        extensions,
        subject,
        issuer,
        key: subjectPublicKeyInfo.der,
      });
      const seconds = ({ validity: { notBefore, notAfter } }: typeof before) =>
        notAfter.getTime() - notBefore.getTime();

      expect(contents(after)).toEqual(contents(before));
      expect(after.serialNumber).not.toBe(before.serialNumber);
      expect(seconds(after)).toBe(seconds(before));
      expect(after.validity.notAfter > before.validity.notAfter).toBe(true);
    },
  );

  it('leaves the old one valid, in the same line, and is the newest of its NAME', async () => {
    const { certificate: first } = await lab.ca.issueClient({ commonName: 'alice' });
    const serials = [first.serialNumber];
    for (let count = 0; count < 20; count += 1) serials.push((await renew('alice')).certificate.serialNumber);
    const found = await lab.ca.find('alice');

    expect(found.map(({ serialNumber }) => serialNumber)).toEqual(serials);
    expect(new Set(found.map(({ line }) => line)).size).toBe(1);
    expect(found.filter(({ revocation }) => revocation !== null)).toEqual([]);
    expect(lab.leaf('alice').validity.notBefore <= lab.now).toBe(true);
  });

  it.runIf(peer('openssl'))(
    'is good to OpenSSL, and with --revoke-old the one before is revoked',
    async () => {
      await lab.ca.issueServer({ commonName: 'api.test' });
      const [old] = await lab.ca.find('api.test');
      writeFileSync(lab.at('old.pem'), new X509Certificate(old!.certificate!).toString());
      const { revoked } = await renew('api.test', { rekey: true, revokeOld: true });
      const verify = (file: string) => {
        const at = String(Math.floor(lab.now.getTime() / 1000) + 60);
        const chain = ['-CAfile', lab.at('ca.crt'), '-untrusted', lab.at('issued/api.test/chain.pem')];
        const crl = ['-crl_check_all', '-CRLfile', lab.at('crl-chain.pem'), '-attime', at];
        try {
          return execFileSync('openssl', ['verify', ...chain, ...crl, lab.at(file)], {
            encoding: 'utf8',
            stdio: 'pipe',
          });
        } catch (error) {
          return String((error as { stderr: string }).stderr);
        }
      };

      expect(revoked.map(({ serialNumber, revocationReason }) => [serialNumber, revocationReason])).toEqual([
        [old!.serialNumber, 'superseded'],
      ]);
      expect(verify('issued/api.test/cert.pem')).toContain('cert.pem: OK');
      expect(verify('old.pem')).toContain('certificate revoked');
    },
  );

  it('lies where the old one lay: --out is remembered', async () => {
    const folder = join(lab.folder, 'elsewhere');
    await lab.ca.issueClient({ commonName: 'alice', folder });
    const { files } = await renew('alice', { rekey: true });
    const certificate = new X509Certificate(readFileSync(join(folder, 'cert.pem')));

    expect(files.cert).toBe(join(folder, 'cert.pem'));
    expect(certificate.checkPrivateKey(await keyAt(join(folder, 'privkey.pem')))).toBe(true);
  });

  it('is cut to the end of its CA, and is not due again', async () => {
    await lab.ca.issueServer({ commonName: 'api.test' });
    lab.pass(396);
    await renew('api.test');
    lab.pass(396);
    await renew('api.test');
    lab.pass(396);
    await renew('api.test');
    lab.pass(396);
    const { notices } = await renew('api.test');
    lab.pass(200);

    expect(notices).toContainEqual(expect.stringContaining('the end of its CA'));
    expect(await dueNames()).toEqual([]);
  });
});

describe('the key', () => {
  it('stays, octet for octet, unless a new one is wished for', async () => {
    await lab.ca.issueClient({ commonName: 'alice' });
    const key = read('alice', 'privkey.pem');
    await renew('alice');

    expect(read('alice', 'privkey.pem')).toBe(key);
    await renew('alice', { rekey: true });
    expect(read('alice', 'privkey.pem')).not.toBe(key);
    expect(read('alice', 'fullchain.pem.key')).toBe(read('alice', 'privkey.pem'));
    expect(
      new X509Certificate(read('alice', 'cert.pem')).checkPrivateKey(
        await keyAt(lab.at('issued/alice/privkey.pem')),
      ),
    ).toBe(true);
  });

  it.each([
    ['of the same type', {}, 'rsa-2048'],
    ['of another', { keyType: 'ec-p384' }, 'ec-p384'],
  ])('that is new is %s', async (_, wish, expected) => {
    await lab.ca.issueServer({ commonName: 'api.test', keyType: 'rsa-2048' });

    expect((await renew('api.test', { rekey: true, ...wish })).certificate.keyType).toBe(expected);
  });

  it('of a request is certified again, and cannot be made anew here', async () => {
    const request = await requestOf(lab);
    await lab.ca.signRequest({ request, profile: 'client', name: 'device' });
    const key = lab.leaf('device').subjectPublicKeyInfo.der;

    await expect(renew('device', { rekey: true })).rejects.toEqual(code('ERR_KEY_ELSEWHERE'));
    const { files } = await renew('device');
    expect(lab.leaf('device').subjectPublicKeyInfo.der).toEqual(key);
    expect(files.privkey).toBeUndefined();
    expect(existsSync(lab.at('issued/device/privkey.pem'))).toBe(false);
  });

  it("that is another's keeps the certificate from being renewed", async () => {
    await lab.ca.issueClient({ commonName: 'alice' });
    const other = await lab.ca.issueClient({ commonName: 'bob' });
    writeFileSync(lab.at('issued/alice/privkey.pem'), other.privateKey);
    const before = read('alice', 'cert.pem');

    await expect(renew('alice')).rejects.toEqual(code('ERR_KEY_MISMATCH'));
    expect(read('alice', 'cert.pem')).toBe(before);
    expect((await lab.ca.find('alice')).length).toBe(1);
  });

  it('that has a password gets a new one under the same, which must open the old', async () => {
    const password = (text: string) => () => Promise.resolve(Passphrase.from(text));
    await lab.ca.issueClient({ commonName: 'alice', encryptKey: Passphrase.from('right') });

    await expect(renew('alice', { rekey: true })).rejects.toEqual(code('ERR_PASSWORD_NEEDED'));
    await expect(renew('alice', { rekey: true, keyPassphrase: password('wrong') })).rejects.toEqual(
      code('ERR_PASSWORD_WRONG'),
    );
    await renew('alice'); // the same key needs no password
    await renew('alice', { rekey: true, keyPassphrase: password('right') });
    expect(read('alice', 'privkey.pem')).toContain('ENCRYPTED PRIVATE KEY');
    const key = await keyAt(lab.at('issued/alice/privkey.pem'), Passphrase.from('right'));
    expect(new X509Certificate(read('alice', 'cert.pem')).checkPrivateKey(key)).toBe(true);
  });
});

describe('what cannot be renewed says why', () => {
  it.each([
    [
      'a revoked one',
      async () => void (await lab.ca.revoke(await lab.ca.find('alice'))),
      'ERR_NOT_RENEWABLE',
    ],
    [
      'one on hold',
      async () => void (await lab.ca.revoke(await lab.ca.find('alice'), { reason: 'certificateHold' })),
      'ERR_NOT_RENEWABLE',
    ],
  ])('%s', async (_, befalls, expected) => {
    await lab.ca.issueClient({ commonName: 'alice' });
    await befalls();

    await expect(renew('alice')).rejects.toEqual(code(expected));
  });

  it.each(['issuing.ca', 'root.ca'])('a CA: %s', async (name) => {
    await expect(renew(name)).rejects.toEqual(code('ERR_USAGE'));
  });

  it('a certificate that is revoked while it is renewed', async () => {
    await lab.ca.issueClient({ commonName: 'alice' });
    const record = await renewable('alice');
    await lab.ca.revoke([record]);

    await expect(lab.ca.renew(record)).rejects.toEqual(code('ERR_NOT_RENEWABLE'));
    expect((await lab.ca.find('alice')).length).toBe(1);
  });

  it('one that another process renewed meanwhile, where once is enough', async () => {
    await lab.ca.issueClient({ commonName: 'alice' });
    const record = await renewable('alice');
    await lab.ca.renew(record);

    await expect(lab.ca.renew(record, { once: true })).rejects.toEqual(code('ERR_ALREADY_RENEWED'));
  });
});

describe('what is due', () => {
  it.each([
    ['is not while more than a third of its lifetime is left', 59.9, []],
    ['is when a third is left', 60.1, ['alice']],
    ['is after its end', 91, ['alice']],
    ['is no more when it ended longer ago than it lived', 182, []],
  ])('%s', async (_, days, expected) => {
    await lab.ca.issueClient({ commonName: 'alice', validityDays: 90 });
    lab.pass(days);

    expect(await dueNames()).toEqual(expected);
  });

  it.each([
    ['what ends within that time', 30, 61, ['alice']],
    ['not what ends later', 30, 59, []],
    ['of what lives shorter than that, a third', 100, 59, []],
    ['of what lives shorter than that, a third', 100, 61, ['alice']],
  ])('with a time is %s', async (_, within, days, expected) => {
    await lab.ca.issueClient({ commonName: 'alice', validityDays: 90 });
    lab.pass(days);

    expect(await dueNames(within * 86_400)).toEqual(expected);
  });

  it('is the newest of each NAME, what ends first first, and nothing that was revoked', async () => {
    await lab.ca.issueClient({ commonName: 'later', validityDays: 20 });
    await lab.ca.issueClient({ commonName: 'sooner', validityDays: 16 });
    await lab.ca.issueClient({ commonName: 'revoked', validityDays: 16 });
    await lab.ca.issueClient({ commonName: 'renewed', validityDays: 16 });
    await lab.ca.revoke(await lab.ca.find('revoked'));
    lab.pass(15);
    await renew('renewed');

    expect(await dueNames()).toEqual(['sooner', 'later']);
  });
});

async function keyAt(path: string, passphrase?: Passphrase) {
  return openPrivateKey(privateKeyOfPem(decodePem(readFileSync(path, 'utf8'))[0]!)!, passphrase);
}

async function requestOf({ folder }: LabAuthority) {
  const { request } = await createRequest({ commonName: 'device', folder: join(folder, 'owner') });
  return parseCertificateRequest(decodePem(request)[0]!.der);
}

describe('a renewal that was cut short', () => {
  /** As if the machine had ended before the store could be told. */
  async function forgetDelivery(serialNumber: string): Promise<void> {
    await lab.ca.close();
    const database = openDatabase(lab.at('sslapi.db'));
    database.prepare('UPDATE certificate SET delivered = 0 WHERE serial_number = ?').run([serialNumber]);
    database.close();
    lab.ca = await lab.reopen();
  }
  beforeEach(() => lab.ca.issueClient({ commonName: 'alice' }));

  it('once its files were whole is there: nothing is amiss, and what comes next takes after it', async () => {
    lab.pass(300);
    const { certificate } = await renew('alice', { rekey: true });
    await forgetDelivery(certificate.serialNumber);
    const { due } = await lab.ca.status();
    expect(await dueNames()).toEqual([]);
    const { renews } = await renew('alice');

    expect(renews).toBe(certificate.serialNumber);

    expect(due.filter(({ kind }) => kind !== 'crl')).toEqual([]);
    expect(await lab.ca.list({ status: 'revoked' })).toEqual([]);
    expect((await lab.ca.find('alice')).map(({ delivered }) => delivered)).toEqual([true, true, true]);
  });

  it('before that is an orphan, which the next renewal revokes', async () => {
    const files = ['cert.pem', 'fullchain.pem'].map((file) => [file, read('alice', file)] as const);
    const { certificate } = await renew('alice');
    for (const [file, content] of files) writeFileSync(lab.at('issued', 'alice', file), content);
    await forgetDelivery(certificate.serialNumber);
    const { due } = await lab.ca.status();
    await renew('alice');

    const { serialNumber } = certificate;
    expect(due).toMatchObject([{ kind: 'certificate', reason: 'not-delivered', serialNumber }]);
    expect(await lab.ca.list({ status: 'revoked' })).toMatchObject([{ serialNumber }]);
  });
});
