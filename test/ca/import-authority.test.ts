import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import { Passphrase } from '../../src/keys/passphrase.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { parseCertificateList } from '../../src/x509/certificate-list.js';
import { authorityKeyIdentifierOf } from '../../src/x509/extensions/authority-key-identifier.js';
import { decodePem } from '../../src/x509/pem.js';
import { peer } from '../peers/peer.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => join(folder, ...parts);
const from = () => ({ cert: at('ca.pem'), key: at('ca.key') });
const inClear = { passphrase: () => Promise.resolve(null) };

/** A CA that signed itself, with the extensions given. */
function makeCa(subject: string, ...extensions: string[]): void {
  const added = extensions.flatMap((one) => ['-addext', one]);
  const args = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    'ca.key',
    '-days',
    '900',
  ];
  execFileSync('openssl', ['req', '-x509', ...args, '-subj', subject, '-out', 'ca.pem', ...added], {
    cwd: folder,
    stdio: 'pipe',
  });
}

describe.skipIf(!peer('openssl'))('an imported CA', () => {
  it('is named by what it signs as its own certificate names its key, RFC 5280 §4.2.1.1', async () => {
    makeCa('/CN=other hash', 'subjectKeyIdentifier=0102030405', 'authorityKeyIdentifier=keyid:always');
    const { ca } = await CertificateAuthority.import({ pki: at('pki'), from: from(), ...inClear });
    await ca.issueClient({ commonName: 'alice' });
    await ca.close();
    const leaf = parseCertificate(decodePem(readFileSync(at('pki/issued/alice/cert.pem'), 'latin1'))[0]!.der);
    const crl = parseCertificateList(readFileSync(at('pki/crl/issuing.crl')));
    const verified = execFileSync(
      'openssl',
      [
        'verify',
        '-crl_check',
        '-CAfile',
        'pki/ca.crt',
        '-CRLfile',
        'pki/crl.pem',
        'pki/issued/alice/cert.pem',
      ],
      { cwd: folder, encoding: 'utf8' },
    );

    for (const signed of [leaf, crl])
      expect(Buffer.from(authorityKeyIdentifierOf(signed)!.keyIdentifier!).toString('hex')).toBe(
        '0102030405',
      );
    expect(verified).toContain(': OK');
  });

  it('of which a killed run left half is imported anew', async () => {
    makeCa('/CN=again');
    const dying = { now: dyingAfter(3) };
    const first = CertificateAuthority.import({ pki: at('pki'), from: from(), ...inClear, ...dying });

    await expect(first).rejects.toThrow('killed');
    await expect(CertificateAuthority.open({ pki: at('pki') })).rejects.toMatchObject({
      code: 'ERR_CA_NOT_FOUND',
    });
    const { ca } = await CertificateAuthority.import({ pki: at('pki'), from: from(), ...inClear });
    expect((await ca.list({})).map(({ name }) => name)).toEqual(['issuing.ca']);
    await ca.close();
  });

  it('has the lifetime of its CRLs from the last one, unless told otherwise', async () => {
    makeCa('/CN=times');
    writeFileSync(at('index.txt'), '');
    writeFileSync(at('o.cnf'), '[ca]\ndefault_ca=x\n[x]\ndatabase=index.txt\ndefault_md=sha256\n');
    const files = ['-cert', 'ca.pem', '-keyfile', 'ca.key', '-out', 'ca.crl'];
    execFileSync('openssl', ['ca', '-config', 'o.cnf', '-gencrl', '-crldays', '77', ...files], {
      cwd: folder,
      stdio: 'pipe',
    });
    const source = { ...from(), crl: [at('ca.crl')] };
    const days: number[] = [];
    for (const [pki, more] of [
      ['p1', {}],
      ['p2', { nextUpdateSeconds: 86_400 }],
    ] as const) {
      const { ca } = await CertificateAuthority.import({ pki: at(pki), from: source, ...inClear, ...more });
      await ca.close();
      const crl = parseCertificateList(readFileSync(at(pki, 'crl', 'issuing.crl')));
      days.push((crl.nextUpdate!.getTime() - crl.thisUpdate.getTime()) / 86_400_000);
    }

    expect(days).toEqual([77, 1]);
  });

  it('is asked for a new password last, when all of it was read', async () => {
    makeCa('/CN=order');
    writeFileSync(at('ca.pem'), 'torn');
    let asked = false;
    const passphrase = () => {
      asked = true;
      return Promise.resolve(Passphrase.from('new'));
    };

    await expect(
      CertificateAuthority.import({ pki: at('pki'), from: from(), passphrase }),
    ).rejects.toMatchObject({
      code: 'ERR_IMPORT_INVALID',
    });
    expect(asked).toBe(false);
    expect(readdirSync(folder)).not.toContain('pki');
  });

  it('is not put where easy-rsa keeps its own, which is called pki too', async () => {
    makeCa('/CN=neighbour');
    mkdirSync(at('pki', 'private'), { recursive: true });
    for (const [name, path] of [
      ['ca.pem', 'ca.crt'],
      ['ca.key', 'private/ca.key'],
    ] as const)
      writeFileSync(at('pki', path), readFileSync(at(name)));
    writeFileSync(at('pki', 'index.txt'), '');

    await expect(
      CertificateAuthority.import({ pki: at('pki'), from: { easyRsa: folder }, ...inClear }),
    ).rejects.toMatchObject({
      code: 'ERR_CA_EXISTS',
      hint: expect.stringContaining('--pki DIR'),
    });
  });
});

/** A clock that stops the run when it was looked at so often. */
function dyingAfter(times: number): () => Date {
  let left = times;
  return () => {
    left -= 1;
    if (left < 0) throw new Error('killed');
    return new Date();
  };
}
