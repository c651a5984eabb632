import { execFileSync } from 'node:child_process';
import { sign, verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { CredentialContext, MintedCredential } from '../../src/credentials/credential.js';
import { credentialContext } from '../../src/credentials/credential-context.js';
import { CREDENTIALS } from '../../src/credentials/index.js';
import { crlsOfIntermediates } from '../../src/credentials/intermediate-crls.js';
import type { KeyType } from '../../src/keys/key-type.js';
import { verifyCertificate } from '../../src/path/verify-certificate.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { subjectAltNameOf } from '../../src/x509/extensions/subject-alt-name.js';
import { commonNameOnly, formatName } from '../../src/x509/name.js';
import { decodePem, encodePem } from '../../src/x509/pem.js';
import { parseSerialNumber } from '../../src/x509/serial-number.js';
import { peer } from '../peers/peer.js';

/** What is wrong with each, as our path validation and OpenSSL say it; where they have no say, in words. A fault of an issuer
 *  is judged without CRLs, for there is none of a fresh intermediate. */
const FAULTS = [
  ['good', null, /: OK/],
  ['self-signed', 'root-not-trusted', /self.signed certificate/],
  ['rogue-ca', 'signature-invalid', /self.signed certificate in certificate chain|signature failure/],
  ['other-ca', 'root-not-trusted', /self.signed certificate in certificate chain/],
  ['tampered-signature', 'signature-invalid', /certificate signature failure/],
  ['tampered-body', 'signature-invalid', /certificate signature failure/],
  ['expired', 'cert-expired', /certificate has expired/],
  ['not-yet-valid', 'cert-not-yet-valid', /certificate is not yet valid/],
  ['eku-server-only', 'eku-missing', /unsuitable certificate purpose|unsupported certificate purpose/],
  ['eku-code-signing', 'eku-missing', /unsuitable certificate purpose|unsupported certificate purpose/],
  ['revoked', 'cert-revoked', /certificate revoked/],
  ['revoked-latest', 'cert-revoked', /certificate revoked/],
  ['issued-by-leaf', 'issuer-not-ca', /invalid CA certificate/],
  ['unknown-critical-extension', 'unknown-critical-extension', /unhandled critical extension/],
  ['malformed', 'der-invalid', /Unable to load certificate|unable to load|Could not read/i],
  ['eku-none', null, /: OK/],
  ['eku-any', null, /unsuitable certificate purpose|unsupported certificate purpose/],
  ['ca-as-client', null, /: OK/],
  [
    'key-usage-without-signature',
    'key-usage-unfit',
    /unsuitable certificate purpose|unsupported certificate purpose/,
  ],
  ['rsa-1024', 'weak-key', /: OK/],
  ['sha1', 'weak-hash', /: OK/],
  ['duplicate-serial', null, /: OK/],
  ['very-long-chain', null, /: OK/],
  ['large-certificate', null, /: OK/],
] as const;

/** Faults of an issuer, each with what is said of it by those who look at no CRL. */
const FAULTS_ABOVE = [
  ['revoked-issuer', 'cert-revoked', /certificate revoked|certificate has no CRL/],
  ['path-length-exceeded', 'path-length-exceeded', /path length constraint exceeded/],
  ['issuer-without-basic-constraints', 'extension-misplaced', /invalid CA certificate/],
  ['issuer-without-cert-sign', 'key-cert-sign-missing', /invalid CA certificate|key usage does not include/],
  ['expired-issuer', 'cert-expired', /certificate has expired/],
  ['name-constraint-violation', 'name-constraint-violation', /excluded subtree violation/],
] as const;

const SAN = [{ type: 'dNSName', value: 'billing.test' }] as const;
const folder = mkdtempSync(join(tmpdir(), 'sslapi-credentials-'));
let ca: CertificateAuthority;
let latestRevoked: bigint;
beforeAll(async () => {
  ({ ca } = await CertificateAuthority.create({ pki: join(folder, 'pki'), name: 'Lab', passphrase: null }));
  await ca.issueClient({ commonName: 'gone' });
  await ca.revoke(await ca.find('gone'));
  latestRevoked = parseSerialNumber(ca.view((await ca.find('gone'))[0]!).serialNumber);
});
afterAll(async () => {
  await ca.close();
  rmSync(folder, { recursive: true, force: true });
});

const contextOf = async (keyType: KeyType): Promise<CredentialContext> => {
  const context = credentialContext(ca, new Date(), {
    subject: commonNameOnly('billing'),
    subjectAltName: SAN,
    keyType,
    latestRevoked,
  });
  return { ...context, good: await CREDENTIALS[0]!.make(context) };
};
const make = async (id: string, keyType: KeyType = 'ec-p256'): Promise<MintedCredential | null> =>
  CREDENTIALS.find((credential) => credential.id === id)!.make(await contextOf(keyType));

const find = (id: string) => CREDENTIALS.find((credential) => credential.id === id)!;
const pem = (file: string): Uint8Array[] =>
  decodePem(readFileSync(ca.folder.at(file), 'latin1')).map(({ der }) => der);

/** What our path validation says. */
function reasonOf({ chain }: MintedCredential, crls = pem('crl-chain.pem')): string | null {
  const [leaf, ...untrusted] = chain;
  const result = verifyCertificate({
    leaf: leaf!,
    trusted: pem('ca.crt'),
    untrusted: [...untrusted, ...pem('ca-chain.crt')],
    crls,
    at: new Date(),
    purpose: 'client',
  });
  return result.ok ? null : result.reason;
}

/** What OpenSSL says, of the chain and then of the key. */
function opensslOn(
  { chain, privateKey }: MintedCredential,
  crlFlags: readonly string[],
  moreCrls: readonly Uint8Array[] = [],
): string {
  const [leaf, ...issuers] = chain.map((der) => encodePem('CERTIFICATE', der));
  writeFileSync(join(folder, 'leaf.pem'), leaf!);
  writeFileSync(join(folder, 'leaf.key'), privateKey);
  writeFileSync(join(folder, 'chain.pem'), issuers.join('') || leaf!);
  const crls = moreCrls.map((der) => encodePem('X509 CRL', der));
  writeFileSync(
    join(folder, 'crls.pem'),
    readFileSync(ca.folder.at('crl-chain.pem'), 'utf8') + crls.join(''),
  );
  return openssl(
    ...['verify', ...crlFlags, '-purpose', 'sslclient', '-auth_level', '0', '-CAfile', 'pki/ca.crt'],
    ...['-CRLfile', 'crls.pem', '-untrusted', 'chain.pem', 'leaf.pem'],
  ).replace(/unable to get certificate CRL/g, 'certificate has no CRL');
}

function openssl(...args: string[]): string {
  try {
    return execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return String((error as { stderr: string }).stderr);
  }
}

describe('the credentials', () => {
  it('are listed once each, under the names of their files', () => {
    const supporting = [
      ...['credential', 'credential-context', 'index', 'intermediate', 'intermediate-crls', 'mint'],
      ...['minted-record', 'presented-credential'],
    ];
    const onDisk = readdirSync('src/credentials').map((file) => file.replace('.ts', ''));

    expect([...CREDENTIALS.map(({ id }) => id), ...supporting].sort()).toEqual(onDisk.sort());
  });

  it('begin with good, the only one that is to be accepted', () => {
    expect(CREDENTIALS[0]!.id).toBe('good');
    expect(CREDENTIALS.filter(({ expected }) => expected === 'accept').map(({ id }) => id)).toEqual(['good']);
  });

  it('have the severity of what is gained by them', () => {
    const must = CREDENTIALS.filter(({ expected }) => expected === 'refuse');
    const critical = must.filter(({ severity }) => severity === 'critical').map(({ id }) => id);

    expect(critical).toEqual([
      ...['none', 'self-signed', 'rogue-ca', 'other-ca', 'wrong-key', 'tampered-signature', 'tampered-body'],
      ...['issued-by-leaf', 'issuer-without-basic-constraints', 'issuer-without-cert-sign'],
    ]);
    expect(must.every(({ severity }) => severity === 'critical' || severity === 'high')).toBe(true);
  });

  it('have one without a certificate', async () => {
    expect(await make('none')).toBeNull();
  });

  it('all have their fault told here', () => {
    const told = [...FAULTS, ...FAULTS_ABOVE].map(([id]) => id);
    const apart = ['none', 'wrong-key', 'missing-intermediate'];

    expect([...told, ...apart].sort()).toEqual(CREDENTIALS.map(({ id }) => id).sort());
  });
});

describe.each(FAULTS)('%s', (id, reason, opensslSays) => {
  it.each(['ec-p256', 'ec-p384', 'rsa-2048', 'ed25519'] as const)(
    `has ${reason ?? 'no fault of its path'} alone: %s`,
    async (keyType) => {
      const made = (await make(id, keyType))!;

      expect(made.keyType).toBe(id === 'rsa-1024' ? id : keyType);
      expect(reasonOf(made)).toBe(reason);
    },
  );

  it.skipIf(id === 'malformed')("bears good's names", async () => {
    const certificate = parseCertificate((await make(id))!.chain[0]!);

    expect(formatName(certificate.subject)).toBe('CN=billing');
    expect(subjectAltNameOf(certificate)).toEqual(expect.arrayContaining([...SAN]));
  });

  it.skipIf(id === 'malformed')('lives ten minutes at most, and if it is not valid yet, one', async () => {
    const { notBefore, notAfter } = parseCertificate((await make(id))!.chain[0]!).validity;
    const alive = notAfter.getTime() - Math.max(Date.now(), notBefore.getTime());

    expect(alive).toBeLessThanOrEqual((id === 'not-yet-valid' ? 1 : 10) * 60_000);
  });

  it.runIf(peer('openssl'))('is judged so by OpenSSL', async () => {
    const made = (await make(id))!;

    expect(opensslOn(made, ['-crl_check_all'])).toMatch(opensslSays);
    if (id === 'malformed') return;
    expect(openssl('pkey', '-in', 'leaf.key', '-pubout')).toBe(
      openssl('x509', '-in', 'leaf.pem', '-noout', '-pubkey'),
    );
  });
});

describe.each(FAULTS_ABOVE)('%s', (id, reason, opensslSays) => {
  const rootCrl = (): Uint8Array[] => (id === 'revoked-issuer' ? pem('crl-chain.pem') : []);

  it.each(['ec-p256', 'rsa-2048'] as const)(`has ${reason} alone, and its twin nothing: %s`, async (type) => {
    const context = await contextOf(type);

    const faulty = (await find(id).make(context))!;
    const twin = await find(id).twin!.make(context);

    expect(reasonOf(faulty, rootCrl())).toBe(reason);
    expect(reasonOf(twin, [])).toBeNull();
    expect(twin.chain).toHaveLength(faulty.chain.length);
    expect(twin.keyType).toBe(faulty.keyType);
  });

  it.runIf(peer('openssl'))('is judged so by OpenSSL, and its twin is let in', async () => {
    const context = await contextOf('ec-p256');
    const flags = id === 'revoked-issuer' ? ['-crl_check_all'] : [];

    expect(opensslOn((await find(id).make(context))!, flags)).toMatch(opensslSays);
    expect(opensslOn(await find(id).twin!.make(context), [])).toMatch(/: OK/);
  });
});

describe.each(FAULTS_ABOVE)('%s, to who has the CRL of each intermediate', (id, reason, opensslSays) => {
  it.each(['ec-p256', 'rsa-2048'] as const)(
    'is refused for its fault, and its twin is let in: %s',
    async (type) => {
      const context = await contextOf(type);
      const faulty = (await find(id).make(context))!;
      const twin = await find(id).twin!.make(context);

      const made = await crlsOfIntermediates(ca, [faulty, twin], new Date());
      const crls = [...pem('crl-chain.pem'), ...made];

      expect([reasonOf(faulty, crls), reasonOf(twin, crls)]).toEqual([reason, null]);
      if (!peer('openssl')) return;
      expect(opensslOn(faulty, ['-crl_check_all'], made)).toMatch(opensslSays);
      expect(opensslOn(twin, ['-crl_check_all'], made)).toMatch(/: OK/);
      expect(opensslOn(twin, ['-crl_check_all'])).toMatch(/certificate has no CRL/);
    },
  );
});

describe('revoked', () => {
  it('bears the reserved serial number, which is on the first CRL', async () => {
    const { serialNumber } = parseCertificate((await make('revoked'))!.chain[0]!);

    expect(serialNumber.toString(16).padStart(32, '0')).toBe(ca.issuing.reservedSerial.padStart(32, '0'));
  });
});

describe('wrong-key', () => {
  it.each(['ec-p256', 'ec-p384', 'rsa-2048', 'ed25519'] as const)(
    'is the good chain with a key that OpenSSL takes for its own, or our own engine: %s',
    async (keyType) => {
      const context = await contextOf(keyType);
      const made = (await find('wrong-key').make(context))!;
      const { publicKey } = new X509Certificate(context.good!.chain[0]!);

      const signature = sign(
        keyType === 'ed25519' ? null : 'sha256',
        Buffer.from('to sign'),
        made.privateKey,
      );

      expect(made.chain).toEqual(context.good!.chain);
      expect(
        verify(keyType === 'ed25519' ? null : 'sha256', Buffer.from('to sign'), publicKey, signature),
      ).toBe(false);
      if (keyType === 'ed25519') expect(made.ownEngine).toBe(true);
      else expect(() => createSecureContext(forNode(made))).not.toThrow();
    },
  );
});

const forNode = ({ chain, privateKey }: MintedCredential) => ({
  cert: chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
  key: privateKey,
});

describe('missing-intermediate', () => {
  it('is the good leaf alone', async () => {
    const context = await contextOf('ec-p256');

    expect((await find('missing-intermediate').make(context))!.chain).toEqual(
      context.good!.chain.slice(0, 1),
    );
    expect(find('missing-intermediate').whyNot!({ ...context, good: null })).toMatch(/no intermediate/);
  });
});

describe('where an ingredient is missing', () => {
  it('a credential says why it is not made', async () => {
    const context = await contextOf('ec-p256');

    expect(find('revoked-latest').whyNot!({ ...context, latestRevoked: null })).toMatch(/published CRL/);
    expect(find('rsa-1024').whyNot!({ ...context, takesRsa: false })).toMatch(/no RSA/);
    expect(find('duplicate-serial').whyNot!({ ...context, good: null })).toMatch(/no good/);
  });

  it('names of the CA are kept within its own constraints', async () => {
    const constrained = await CertificateAuthority.create({
      pki: join(folder, 'constrained'),
      name: 'Narrow',
      passphrase: null,
      nameConstraints: {
        permittedSubtrees: [{ type: 'dNSName', value: 'acme.test' }],
        excludedSubtrees: [],
      },
    });
    const context = credentialContext(constrained.ca, new Date());
    const [leaf, ...untrusted] = (await find('name-constraint-violation').twin!.make(context)).chain;

    const result = verifyCertificate({
      leaf: leaf!,
      untrusted,
      trusted: decodePem(readFileSync(constrained.ca.folder.at('ca.crt'), 'latin1')).map(({ der }) => der),
      at: new Date(),
      purpose: 'client',
    });
    await constrained.ca.close();

    expect(result).toMatchObject({ ok: true });
  });
});
