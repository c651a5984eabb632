import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePkcs12 } from '../../src/keys/decode-pkcs12.js';
import { encodePkcs12, type Pkcs12Entry } from '../../src/keys/encode-pkcs12.js';
import { Passphrase } from '../../src/keys/passphrase.js';
import { decodePem } from '../../src/x509/pem.js';
import { peer } from '../peers/peer.js';
import { makeOpensslFiles, type OpensslFiles } from '../x509/openssl-files.js';

const PASSWORD = Passphrase.from('correct hörse');

describe.runIf(peer('openssl'))('a PKCS#12 file that is read octet for octet', () => {
  let files: OpensslFiles;
  let folder: string;
  let entry: Pkcs12Entry;
  beforeAll(() => {
    files = makeOpensslFiles();
    folder = mkdtempSync(join(tmpdir(), 'sslapi-pkcs12-'));
    files.run('pkcs8', '-topk8', '-nocrypt', '-in', 'leaf.key', '-out', 'leaf.p8');
    const [certificate, ca, privateKey] = ['leaf.pem', 'ca.pem', 'leaf.p8'].map(
      (name) => decodePem(Buffer.from(files.read(name)).toString())[0]!.der,
    ) as [Uint8Array, Uint8Array, Uint8Array];
    entry = { friendlyName: 'good ec-p256', certificate, chain: [ca], privateKey };
  });
  afterAll(() => {
    files.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const hex = (der: Uint8Array): string => Buffer.from(der).toString('hex');
  const told = async (der: Uint8Array, password = PASSWORD) =>
    (await decodePkcs12(der, password)).map(({ kind, der: inside, friendlyName, localKeyId }) => [
      kind,
      hex(inside),
      friendlyName,
      localKeyId,
    ]);

  it('gives every certificate and key with its name, and what ties them together', async () => {
    const other = { ...entry, friendlyName: 'other' };

    const read = await told(
      await encodePkcs12({ entries: [entry, other], password: PASSWORD, legacy: false }),
    );

    expect(read).toEqual([
      ['certificate', hex(entry.certificate), 'good ec-p256', '00000001'],
      ['certificate', hex(entry.certificate), 'other', '00000002'],
      ['certificate', hex(entry.chain[0]!), null, null],
      ['private-key', hex(entry.privateKey!), 'good ec-p256', '00000001'],
      ['private-key', hex(entry.privateKey!), 'other', '00000002'],
    ]);
  });

  it('is also what OpenSSL 3 writes', async () => {
    const path = join(folder, 'openssl.p12');
    const [cert, key, ca] = ['leaf.pem', 'leaf.key', 'ca.pem'].map((name) => {
      writeFileSync(join(folder, name), files.read(name));
      return join(folder, name);
    });
    const export_ = ['pkcs12', '-export', '-in', cert!, '-inkey', key!, '-certfile', ca!, '-name', 'leaf'];
    execFileSync('openssl', [...export_, '-passout', 'pass:secret', '-out', path], { stdio: 'pipe' });

    const read = await told(readFileSync(path), Passphrase.from('secret'));

    expect(read.map(([kind, der, name]) => [kind, der, name])).toEqual([
      ['certificate', hex(entry.certificate), 'leaf'],
      ['certificate', hex(entry.chain[0]!), null],
      ['private-key', hex(entry.privateKey!), 'leaf'],
    ]);
  });

  it('stays closed to another password, and to who changes one octet of it', async () => {
    const der = await encodePkcs12({ entries: [entry], password: PASSWORD, legacy: false });
    const changed = Uint8Array.from(der);
    changed[Math.floor(der.length / 2)]! ^= 1;

    await expect(decodePkcs12(der, Passphrase.from('wrong'))).rejects.toMatchObject({
      code: 'ERR_PASSWORD_WRONG',
    });
    await expect(decodePkcs12(changed, PASSWORD)).rejects.toMatchObject({ code: 'ERR_PASSWORD_WRONG' });
  });

  it.each([
    ['of old', (old: Uint8Array) => old],
    ['cut short', (old: Uint8Array) => old.subarray(0, 100)],
    ['a certificate', () => entry.certificate],
    ['no DER at all', () => Buffer.from('hello')],
    ['nothing', () => new Uint8Array()],
  ])('is refused in words where it is %s', async (_what, of) => {
    const old = await encodePkcs12({ entries: [entry], password: PASSWORD, legacy: true });

    await expect(decodePkcs12(of(old), PASSWORD)).rejects.toMatchObject({
      code: 'ERR_INPUT_NOT_RECOGNISED',
      message: expect.stringMatching(/^the PKCS#12 file cannot be read: /),
    });
  });
});
