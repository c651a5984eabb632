import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, SslapiError } from '../../src/errors.js';
import { Passphrase } from '../../src/keys/passphrase.js';
import { type InspectOptions, inspect } from '../../src/lint/inspect.js';
import { encodeRevokedCertificate } from '../../src/x509/certificate-list.js';
import { type Malformed, readCorpus } from '../conformance/corpora.js';
import { makeCa, makeCrl, makeLeaf, NOW } from '../path/certificate-maker.js';
import { peer } from '../peers/peer.js';
import { makeOpensslFiles, type OpensslFiles } from '../x509/openssl-files.js';

describe.runIf(peer('openssl'))('what openssl makes is told as openssl tells it', () => {
  let files: OpensslFiles;
  beforeAll(() => {
    files = makeOpensslFiles();
  });
  afterAll(() => files.remove());

  it('a certificate', async () => {
    expect(await itemsOf('leaf.pem')).toMatchObject([
      {
        kind: 'certificate',
        subject: 'CN=api.test',
        issuer: 'CN=Root',
        subjectAltName: ['DNS:api.test'],
        status: 'valid',
        keyType: 'rsa-2048',
        signatureAlgorithm: 'ecdsaWithSHA256',
        extKeyUsage: ['serverAuth'],
        ca: false,
        selfSigned: false,
        findings: [],
      },
    ]);
  });

  it('a request, and one whose signature was changed', async () => {
    files.run('req', '-in', 'leaf.csr', '-outform', 'DER', '-out', 'csr.der');
    const forged = files.read('csr.der');
    forged[forged.length - 1]! ^= 1;
    files.write('forged.der', forged);

    expect(await itemsOf('leaf.csr')).toMatchObject([{ signatureValid: true, findings: [] }]);
    expect(await itemsOf('forged.der')).toMatchObject([
      { signatureValid: false, findings: [{ id: 'signature-is-valid', severity: 'critical' }] },
    ]);
  });

  it.each([
    ['PKCS#8, AES', 'pkcs8-encrypted', ['pkey', '-in', 'leaf.key', '-aes256']],
    ['PKCS#8, scrypt', 'pkcs8-encrypted', ['pkcs8', '-topk8', '-in', 'leaf.key', '-scrypt']],
    ['PEM of old', 'pem-encrypted', ['rsa', '-in', 'leaf.key', '-traditional', '-aes128']],
  ])('an encrypted key, %s, closed and opened', async (_kind, encoding, command) => {
    files.run(...command, '-passout', 'pass:secret', '-out', 'closed.key');
    const closed = { kind: 'private-key', encoding, encrypted: true };

    expect(await itemsOf('closed.key')).toEqual([{ ...closed, keyType: null, keyIdentifier: null }]);
    expect(await itemsOf('closed.key', 'secret')).toMatchObject([{ ...closed, keyType: 'rsa-2048' }]);
    await expect(itemsOf('closed.key', 'wrong')).rejects.toMatchObject({ code: 'ERR_PASSWORD_WRONG' });
  });

  it('a key by the identifier that its certificate has, and nothing secret', async () => {
    const [key] = await itemsOf('leaf.key');
    const [certificate] = await itemsOf('leaf.pem');
    const secret = createPublicKey(Buffer.from(files.read('leaf.key'))).export({ format: 'jwk' }).n;

    expect(key).toHaveProperty(
      'keyIdentifier',
      (certificate as { subjectKeyIdentifier?: string }).subjectKeyIdentifier,
    );
    expect(Object.keys(key!)).toEqual(['kind', 'encoding', 'encrypted', 'keyType', 'keyIdentifier']);
    expect(JSON.stringify(key)).not.toContain(secret);
  });

  it('a PKCS#12 file: closed without its password, with everything in it else', async () => {
    files.run(
      'pkcs12',
      '-export',
      '-inkey',
      'leaf.key',
      '-in',
      'leaf.pem',
      '-certfile',
      'ca.pem',
      '-passout',
      'pass:secret',
      '-out',
      'x.p12',
    );

    expect(await itemsOf('x.p12')).toEqual([
      { kind: 'pkcs12', opened: false, friendlyNames: [], encryption: ['AES-256'], mac: 'SHA-256' },
    ]);
    expect((await itemsOf('x.p12', 'secret')).map(({ kind }) => kind)).toEqual([
      'pkcs12',
      'certificate',
      'certificate',
      'private-key',
    ]);
  });

  it.each([
    ['of today', [], ['AES-256'], 'SHA-256'],
    ['of old, which OpenSSL 3 opens only by its legacy provider', ['-legacy'], ['RC2-40', '3DES'], 'SHA-1'],
    [
      'in between',
      ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
      ['3DES'],
      'SHA-1',
    ],
    ['with its certificates in clear', ['-certpbe', 'NONE', '-macalg', 'sha512'], ['AES-256'], 'SHA-512'],
    ['without a MAC', ['-nomac'], ['AES-256'], null],
  ])('how a PKCS#12 file %s is protected, before any password', async (_age, flags, encryption, mac) => {
    const inputs = ['-inkey', 'leaf.key', '-in', 'leaf.pem', '-passout', 'pass:secret', '-out', 'y.p12'];
    files.run('pkcs12', '-export', ...inputs, ...flags);

    expect(await itemsOf('y.p12')).toMatchObject([{ kind: 'pkcs12', opened: false, encryption, mac }]);
    if (mac !== null)
      expect(await itemsOf('y.p12', 'secret')).toMatchObject([
        { opened: true },
        { kind: 'certificate', subject: 'CN=api.test' },
        { kind: 'private-key', keyType: 'rsa-2048' },
      ]);
  });

  it('a key under a cipher that OpenSSL 3 leaves out, without calling its password wrong', async () => {
    const legacy = ['-provider', 'legacy', '-provider', 'default'];
    const words = ['pkcs8', '-topk8', '-v1', 'PBE-MD5-DES', '-in', 'leaf.key', '-passout', 'pass:secret'];
    files.run(...words, '-out', 'des.key', ...legacy);

    await expect(itemsOf('des.key', 'secret')).rejects.toMatchObject({
      code: 'ERR_KEY_UNREADABLE',
      hint: expect.stringContaining('-provider legacy'),
    });
  });

  it('a certificate with an octet behind it, or a length that is not minimal, breaks the rules', async () => {
    const der = files.read('leaf.der');
    files.write('trailing.der', Buffer.concat([der, Uint8Array.of(0)]));
    files.write('long.der', Buffer.concat([Uint8Array.of(0x30, 0x83, 0), der.subarray(2)]));

    expect(await itemsOf('trailing.der')).toMatchObject([{ kind: 'malformed', what: 'certificate' }]);
    expect(await itemsOf('long.der')).toMatchObject([{ kind: 'malformed', what: 'certificate' }]);
  });

  it('any octet of a certificate changed is told, one way or another', async () => {
    const der = files.read('leaf.der');
    for (let at = 0; at < der.length; at += 1) {
      const changed = Uint8Array.from(der);
      changed[at]! ^= 0x15;
      const told = await inspect(changed, OPTIONS).catch((error: { code?: string }) => error.code);
      expect(told).toSatisfy((result) => typeof result === 'object' || result === 'ERR_INPUT_NOT_RECOGNISED');
    }
  });

  async function itemsOf(name: string, password?: string) {
    const options = { ...OPTIONS, name, now: new Date() };
    const secret = password === undefined ? {} : { passphrase: Passphrase.from(password) };
    return (await inspect(files.read(name), { ...options, ...secret })).items;
  }
});

describe('dates are told as of the moment asked about', () => {
  const ca = makeCa('CN=Root CA');
  const leaf = makeLeaf(ca, 'api.test', { notBefore: new Date(NOW), notAfter: new Date(NOW) });

  it.each([
    ['a second before notBefore', -1000, 'not-yet-valid'],
    ['exactly then', 0, 'valid'],
    ['a second after notAfter', 1000, 'expired'],
  ])('%s', async (_when, milliseconds, status) => {
    const now = new Date(NOW.getTime() + milliseconds);

    expect((await inspect(leaf.der, { name: 'leaf', now })).items).toMatchObject([{ status }]);
  });
});

describe('a CRL', () => {
  it('tells how many it lists, and the first 20 with their reasons', async () => {
    const revokedCertificates = Array.from({ length: 25 }, (_, index) =>
      encodeRevokedCertificate(BigInt(index + 1), NOW, 'superseded'),
    );
    const crl = makeCrl(makeCa('CN=Root CA'), { revokedCertificates, number: 7n });

    const [item] = (await inspect(crl, OPTIONS)).items;

    expect(item).toMatchObject({ kind: 'certificate-list', crlNumber: '7', entries: 25, status: 'valid' });
    expect(item).toHaveProperty('revoked.length', 20);
    expect(item).toHaveProperty('revoked.19', {
      serialNumber: '14',
      revocationDate: '2026-06-01T12:00:00Z',
      revocationReason: 'superseded',
    });
  });
});

const CORPUS = readCorpus<Malformed>('malformed');

describe.runIf(CORPUS !== null)('octets that once upset a parser', () => {
  it('are told for something, or refused in one line', async () => {
    for (const { id, der } of CORPUS!) {
      const told = await inspect(Buffer.from(der, 'base64'), OPTIONS).catch((error: unknown) => error);
      const refused = told instanceof SslapiError && told.exitCode === EXIT.usage;
      expect(refused || !(told instanceof Error), id).toBe(true);
    }
  });
});

const OPTIONS: InspectOptions = { name: 'file', now: NOW };
