import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePkcs12, type Pkcs12Entry } from '../../src/keys/encode-pkcs12.js';
import { generateKey } from '../../src/keys/generate-key.js';
import { Passphrase } from '../../src/keys/passphrase.js';
import { decodePem } from '../../src/x509/pem.js';
import { readPkcs12 } from '../../src/x509/pkcs12.js';
import { peer } from '../peers/peer.js';
import { makeOpensslFiles, type OpensslFiles } from '../x509/openssl-files.js';

const PASSWORD = 'correct horse';
const FORMS = [
  ['of today', false],
  ['of old', true],
] as const;

describe.runIf(peer('openssl'))('a PKCS#12 file that is written', () => {
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
    entry = { friendlyName: 'api of today', certificate, chain: [ca], privateKey };
  });
  afterAll(() => {
    files.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function write(
    entries: readonly Pkcs12Entry[],
    legacy: boolean,
    password = PASSWORD,
  ): Promise<{ path: string; der: Uint8Array }> {
    const der = await encodePkcs12({ entries, password: Passphrase.from(password), legacy });
    const path = join(folder, `${legacy}.p12`);
    writeFileSync(path, der);
    return { path, der };
  }

  it.each(FORMS)('%s opens in OpenSSL with certificate, chain, name and key', async (_form, legacy) => {
    const { path } = await write([entry], legacy);

    const told = openssl('-in', path, '-nodes', '-passin', `pass:${PASSWORD}`, ...legacyFlag(legacy));

    const blocks = decodePem(told);
    expect(blocks.map(({ label }) => label)).toEqual(['CERTIFICATE', 'CERTIFICATE', 'PRIVATE KEY']);
    expect(blocks.map(({ der }) => hex(der))).toEqual(
      [entry.certificate, ...entry.chain, entry.privateKey!].map(hex),
    );
    expect(told.match(/friendlyName: .*/g)).toEqual([
      'friendlyName: api of today',
      'friendlyName: api of today',
    ]);
    expect(told.match(/localKeyID: .*/g)).toHaveLength(2);
  });

  it.each([
    [
      'of today',
      false,
      /MAC: sha256, Iteration 100000/,
      /PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/g,
    ],
    ['of old', true, /MAC: sha1, Iteration 2048/, /pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 2048/g],
  ] as const)('%s is encrypted as it says', async (_form, legacy, mac, encryption) => {
    const { path } = await write([entry], legacy);

    const told = openssl(
      '-in',
      path,
      '-info',
      '-noout',
      '-passin',
      `pass:${PASSWORD}`,
      ...legacyFlag(legacy),
    );

    expect(told).toMatch(mac);
    expect(told.match(encryption)).toHaveLength(2);
  });

  it.each(FORMS)('%s does not open with another password', async (_form, legacy) => {
    const { path } = await write([entry], legacy);

    const told = openssl('-in', path, '-noout', '-passin', 'pass:Correct horse', ...legacyFlag(legacy));

    expect(told).toContain('invalid password');
  });

  it.each(FORMS)('%s shows no octet of the certificate or of the key', async (_form, legacy) => {
    const { der } = await write([entry], legacy);

    const text = Buffer.from(der);
    expect(text.includes(Buffer.from(entry.privateKey!).subarray(40, 72))).toBe(false);
    expect(text.includes(Buffer.from('api.test'))).toBe(false);
  });

  it.each(FORMS)('%s opens with a password beyond ASCII', async (_form, legacy) => {
    const { path } = await write([entry], legacy, 'sécret😀');

    const told = openssl('-in', path, '-nodes', '-passin', 'pass:sécret😀', ...legacyFlag(legacy));

    expect(decodePem(told)).toHaveLength(3);
  });

  it.each(FORMS)(
    '%s with several keys of one certificate keeps each with its own name',
    async (_form, legacy) => {
      const other = await generateKey('ec-p256');
      const twin = { ...entry, friendlyName: 'wrong-key', privateKey: other.pkcs8 };
      const ca = { friendlyName: 'Größe der CA', certificate: entry.chain[0]!, chain: [], privateKey: null };
      const { der } = await write([entry, twin, ca], legacy);

      const { certificates, privateKeys, friendlyNames } = readPkcs12(der, PASSWORD);

      expect(certificates.map(hex)).toEqual([entry.certificate, entry.certificate, ca.certificate].map(hex));
      expect(privateKeys).toHaveLength(2);
      expect(friendlyNames).toEqual(['api of today', 'wrong-key', 'Größe der CA']);
      expect(hex(privateKeys[0]!)).toBe(hex(entry.privateKey!));
    },
  );

  it.runIf(peer('keytool')).each(FORMS)('%s is a chain with its key to Java', async (_form, legacy) => {
    const { path } = await write([entry], legacy);

    const told = execFileSync(
      'keytool',
      ['-list', '-v', '-storetype', 'PKCS12', '-keystore', path, '-storepass', PASSWORD],
      { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
    );

    expect(told).toContain('Entry type: PrivateKeyEntry');
    expect(told).toContain('Certificate chain length: 2');
  });
});

/** All that `openssl pkcs12` says, its complaints with it. */
function openssl(...words: readonly string[]): string {
  const { stdout, stderr } = spawnSync('openssl', ['pkcs12', ...words], { encoding: 'utf8' });
  return stdout + stderr;
}

/** What is of old is told by OpenSSL's legacy provider, which is not loaded unless asked for. */
function legacyFlag(legacy: boolean): readonly string[] {
  return legacy ? ['-legacy'] : [];
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
