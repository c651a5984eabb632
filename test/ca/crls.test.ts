import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crlNumberOf } from '../../src/x509/extensions/crl-number.js';
import { LabAuthority } from './lab-authority.js';

let lab: LabAuthority;
afterEach(() => lab.remove());

const code = (expected: string) => expect.objectContaining({ code: expected });
const reservedOf = () => lab.ca.issuing.reservedSerial;

describe('the CRL', () => {
  beforeEach(async () => {
    lab = await LabAuthority.make();
  });

  it('lists from the first on the reserved serial of its CA', () => {
    expect(lab.revoked()).toEqual([reservedOf()]);
    expect(lab.revoked('root')).toEqual([lab.ca.root!.reservedSerial]);
  });

  it('never drops the reserved serial, years after the CA has ended', async () => {
    lab.pass(365 * 9);
    for (let times = 0; times < 3; times += 1) {
      await lab.ca.generateCrls();
      expect(lab.revoked()).toEqual([reservedOf()]);
      lab.pass(365);
    }
  });

  it('keeps an entry until one CRL after the end of its certificate, RFC 5280 §3.3', async () => {
    const { certificate } = await lab.ca.issueClient({ commonName: 'alice', validityDays: 10 });
    await lab.ca.revoke(await lab.ca.find('alice'));
    const listed = async () => {
      await lab.ca.generateCrls();
      return lab.revoked().includes(certificate.serialNumber);
    };

    lab.pass(9);
    expect(await listed()).toBe(true);
    lab.pass(5);
    expect(await listed()).toBe(true);
    lab.pass(5);
    expect(await listed()).toBe(false);
    expect(lab.revoked()).toEqual([reservedOf()]);
  });

  it('has a number that grows by every one made', async () => {
    const numbers = [crlNumberOf(lab.crl())];
    for (let times = 0; times < 3; times += 1) {
      await lab.ca.generateCrls();
      numbers.push(crlNumberOf(lab.crl()));
    }

    expect(numbers).toEqual([1n, 2n, 3n, 4n]);
  });

  it('says the same in crl.pem, crl-chain.pem and crl/', async () => {
    await lab.ca.issueClient({ commonName: 'alice' });
    await lab.ca.revoke(await lab.ca.find('alice'));
    const pem = readFileSync(lab.at('crl.pem'), 'utf8');
    const chain = readFileSync(lab.at('crl-chain.pem'), 'utf8');

    expect(Buffer.from(pem.replace(/-----.*?-----|\n/g, ''), 'base64')).toEqual(Buffer.from(lab.crl().der));
    expect(chain.startsWith(pem)).toBe(true);
    expect(chain.match(/BEGIN X509 CRL/g)?.length).toBe(2);
  });

  it('is due once less than a fifth of its life is left', async () => {
    lab.pass(23);
    expect((await lab.ca.crlsDue()).map(({ authority }) => authority.role)).toEqual([]);
    lab.pass(2);
    expect((await lab.ca.crlsDue()).map(({ authority }) => authority.role)).toEqual(['issuing']);
  });

  it('leaves the root alone until its own is due', async () => {
    expect((await lab.ca.generateCrls()).written.map(({ authority }) => authority.role)).toEqual(['issuing']);
    lab.pass(300);
    expect((await lab.ca.generateCrls()).written.map(({ authority }) => authority.role)).toEqual([
      'root',
      'issuing',
    ]);
  });

  it('is not made twice for what was revoked before', async () => {
    await lab.ca.issueClient({ commonName: 'alice' });
    await lab.ca.revoke(await lab.ca.find('alice'));

    await expect(lab.ca.revoke(await lab.ca.find('alice'))).rejects.toEqual(code('ERR_ALREADY_REVOKED'));
  });
});

describe('with the root key offline', () => {
  beforeEach(async () => {
    lab = await LabAuthority.make();
    mkdirSync(join(lab.folder, 'usb'));
    copyFileSync(lab.at('private', 'root.key'), join(lab.folder, 'usb', 'root.key'));
    rmSync(lab.at('private', 'root.key'));
  });
  const rootKey = () => ({ key: readFileSync(join(lab.folder, 'usb', 'root.key')) });

  it('the work of every day goes on', async () => {
    await lab.ca.issueServer({ commonName: 'api.test' });
    await lab.ca.issueClient({ commonName: 'alice' });
    const { crls } = await lab.ca.revoke(await lab.ca.find('alice'));
    const outcome = await lab.ca.generateCrls();

    expect(crls?.withoutKey).toEqual([]);
    expect(outcome.withoutKey).toEqual([]);
  });

  it("the issuing CA's CRL is written though the root's is due, which is told", async () => {
    lab.pass(300);
    const { written, withoutKey } = await lab.ca.generateCrls();

    expect(written.map(({ authority }) => authority.role)).toEqual(['issuing']);
    expect(withoutKey).toMatchObject([{ authority: { role: 'root' }, due: true }]);
  });

  it("the root's is made once its key is brought", async () => {
    lab.pass(300);
    const ca = await lab.reopen({ rootKey: rootKey() });
    const { written, withoutKey } = await ca.generateCrls();
    await ca.close();

    expect(written.map(({ authority }) => authority.role)).toEqual(['root', 'issuing']);
    expect(withoutKey).toEqual([]);
    expect(crlNumberOf(lab.crl('root'))).toBe(2n);
  });

  it('the issuing CA is revoked by the key of the root alone', async () => {
    await expect(lab.ca.revoke(await lab.ca.find('issuing.ca'))).rejects.toEqual(
      code('ERR_ROOT_KEY_OFFLINE'),
    );
    expect((await lab.ca.list({ status: 'revoked' })).length).toBe(0);

    const ca = await lab.reopen({ rootKey: rootKey() });
    await ca.revoke(await ca.find('issuing.ca'), { reason: 'cACompromise' });
    await ca.close();

    expect(lab.revoked('root')).toContain(lab.ca.issuing.serialNumber);
  });

  it('another key is not taken for it', async () => {
    const ca = await lab.reopen({ rootKey: { key: readFileSync(lab.at('private', 'issuing.key')) } });
    lab.pass(300);

    await expect(ca.generateCrls()).rejects.toEqual(code('ERR_KEY_MISMATCH'));
    await ca.close();
  });

  it('a root key that is garbage hinders nobody who signs leaves', async () => {
    writeFileSync(lab.at('private', 'root.key'), 'garbage');

    await expect(lab.ca.issueClient({ commonName: 'alice' })).resolves.toBeDefined();
  });

  it.each([
    ['garbage', 'garbage'],
    ['a block cut short', '-----BEGIN PRIVATE KEY-----\nMIGH\n'],
    ['an empty block', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
  ])('an issuing key that is %s is unreadable, and nothing is recorded', async (_, content) => {
    writeFileSync(lab.at('private', 'issuing.key'), content);

    await expect(lab.ca.issueClient({ commonName: 'alice' })).rejects.toEqual(code('ERR_KEY_UNREADABLE'));
    expect((await lab.ca.list({ name: 'alice' })).length).toBe(0);
  });
});
