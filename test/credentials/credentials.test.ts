import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { CredentialContext, MintedCredential } from '../../src/credentials/credential.js';
import { CREDENTIALS } from '../../src/credentials/index.js';
import type { KeyType } from '../../src/keys/key-type.js';
import { verifyCertificate } from '../../src/path/verify-certificate.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { subjectAltNameOf } from '../../src/x509/extensions/subject-alt-name.js';
import { commonNameOnly, formatName } from '../../src/x509/name.js';
import { decodePem, encodePem } from '../../src/x509/pem.js';
import { peer } from '../peers/peer.js';

/** What is wrong with each, as our path validation and OpenSSL say it. */
const FAULTS = [
  ['good', null, /: OK/],
  ['self-signed', 'root-not-trusted', /self.signed certificate/],
  ['rogue-ca', 'signature-invalid', /self.signed certificate in certificate chain|signature failure/],
  ['expired', 'cert-expired', /certificate has expired/],
  ['eku-server-only', 'eku-missing', /unsuitable certificate purpose|unsupported certificate purpose/],
  ['revoked', 'cert-revoked', /certificate revoked/],
] as const;

const SAN = [{ type: 'dNSName', value: 'billing.test' }] as const;
const folder = mkdtempSync(join(tmpdir(), 'sslapi-credentials-'));
let ca: CertificateAuthority;
beforeAll(async () => {
  ({ ca } = await CertificateAuthority.create({ pki: join(folder, 'pki'), name: 'Lab', passphrase: null }));
});
afterAll(async () => {
  await ca.close();
  rmSync(folder, { recursive: true, force: true });
});

const make = (id: string, keyType: KeyType = 'ec-p256'): Promise<MintedCredential | null> => {
  const context: CredentialContext = {
    authority: ca,
    subject: commonNameOnly('billing'),
    subjectAltName: SAN,
    keyType,
    now: new Date(),
  };
  return CREDENTIALS.find((credential) => credential.id === id)!.make(context);
};

describe('the credentials', () => {
  it('are listed once each, under the names of their files', () => {
    const supporting = ['credential', 'index', 'mint', 'presented-credential'];
    const onDisk = readdirSync('src/credentials').map((file) => file.replace('.ts', ''));

    expect([...CREDENTIALS.map(({ id }) => id), ...supporting].sort()).toEqual(onDisk.sort());
  });

  it('begin with good, the only one that is to be accepted', () => {
    expect(CREDENTIALS[0]!.id).toBe('good');
    expect(CREDENTIALS.filter(({ expected }) => expected === 'accept').map(({ id }) => id)).toEqual(['good']);
  });

  it('have the severity of what is gained by them', () => {
    const critical = CREDENTIALS.filter(({ severity }) => severity === 'critical').map(({ id }) => id);

    expect(critical).toEqual(['none', 'self-signed', 'rogue-ca']);
    expect(CREDENTIALS.every(({ severity }) => severity === 'critical' || severity === 'high')).toBe(true);
  });

  it('have one without a certificate', async () => {
    expect(await make('none')).toBeNull();
  });
});

describe.each(FAULTS)('%s', (id, reason, opensslSays) => {
  const pem = (file: string): Uint8Array[] =>
    decodePem(readFileSync(ca.folder.at(file), 'latin1')).map(({ der }) => der);

  it.each(['ec-p256', 'ec-p384', 'rsa-2048', 'ed25519'] as const)(
    `has ${reason ?? 'no fault'} alone: %s`,
    async (keyType) => {
      const { chain, keyType: made } = (await make(id, keyType))!;
      const [leaf, ...untrusted] = chain;

      const result = verifyCertificate({
        leaf: leaf!,
        trusted: pem('ca.crt'),
        untrusted: [...untrusted, ...pem('ca-chain.crt')],
        crls: pem('crl-chain.pem'),
        at: new Date(),
        purpose: 'client',
      });

      expect(made).toBe(keyType);
      expect(result.ok ? null : result.reason).toBe(reason);
    },
  );

  it("bears good's names, and lives ten minutes at most", async () => {
    const certificate = parseCertificate((await make(id))!.chain[0]!);

    expect(formatName(certificate.subject)).toBe('CN=billing');
    expect(subjectAltNameOf(certificate)).toEqual(SAN);
    expect(certificate.validity.notAfter.getTime() - Date.now()).toBeLessThanOrEqual(10 * 60_000);
  });

  it.runIf(peer('openssl'))('is judged so by OpenSSL', async () => {
    const { chain, privateKey } = (await make(id))!;
    const [leaf, ...issuers] = chain.map((der) => encodePem('CERTIFICATE', der));
    writeFileSync(join(folder, 'leaf.pem'), leaf!);
    writeFileSync(join(folder, 'leaf.key'), privateKey);
    writeFileSync(join(folder, 'chain.pem'), issuers.join('') || leaf!);
    const openssl = (...args: string[]): string => {
      try {
        return execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
      } catch (error) {
        return String((error as { stderr: string }).stderr);
      }
    };

    const verdict = openssl(
      ...['verify', '-crl_check_all', '-purpose', 'sslclient', '-CAfile', 'pki/ca.crt'],
      ...['-CRLfile', 'pki/crl-chain.pem', '-untrusted', 'chain.pem', 'leaf.pem'],
    );

    expect(verdict.replace(/unable to get certificate CRL/g, 'certificate has no CRL')).toMatch(opensslSays);
    expect(openssl('pkey', '-in', 'leaf.key', '-pubout')).toBe(
      openssl('x509', '-in', 'leaf.pem', '-noout', '-pubkey'),
    );
  });
});

describe('revoked', () => {
  it('bears the reserved serial number, which is on the first CRL', async () => {
    const { serialNumber } = parseCertificate((await make('revoked'))!.chain[0]!);

    expect(serialNumber.toString(16).padStart(32, '0')).toBe(ca.issuing.reservedSerial.padStart(32, '0'));
  });
});
