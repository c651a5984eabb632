import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY_TYPES } from '../../src/keys/key-type.js';
import { build } from '../build.js';
import { peer } from '../peers/peer.js';
import { type Ran, Workplace } from './sslapi.js';

const PASSWORD = 'correct horse battery staple';
const CLASSICAL = KEY_TYPES.filter((type) => !type.startsWith('ml-dsa'));
const LEAVES = ['api.test', 'alice', 'requested'];

beforeAll(() => build());

describe.each([
  ...CLASSICAL.map((keyType) => ({ keyType, single: false })),
  { keyType: 'ec-p256', single: true },
])('$keyType, a single CA: $single', ({ keyType, single }) => {
  let place: Workplace;
  beforeAll(async () => {
    place = new Workplace();
    writeFileSync(place.at('password'), `${PASSWORD}\n`);
    const type = ['--key-type', keyType];
    const password = ['--password-file', 'password'];
    await place.ok('init-ca', ...type, ...password, ...(single ? ['--no-intermediate'] : []));
    await place.ok('csr', 'requested', '--san', 'requested.test,10.0.0.7', ...type);
    await Promise.all([
      place.ok('issue-server', 'api.test', '--san', 'api.test,*.api.test,::1', ...type, ...password),
      place.ok('issue-client', 'alice', '--email', 'alice@api.test', ...password),
      place.ok('issue-client', 'mallory', ...password),
    ]);
    await place.ok(
      ...['sign-csr', 'requested.csr', '--profile', 'peer', '--name', 'requested', '--yes'],
      ...['--out', 'requested.crt', ...password],
    );
    await place.ok('revoke', 'mallory', '--reason', 'keyCompromise', ...password);
  });
  afterAll(() => place.remove());

  describe.skipIf(!peer('openssl'))('OpenSSL', () => {
    it.each(LEAVES)('verifies %s with the CRL of every CA', async (name) => {
      expect(await verify(place, name)).toMatchObject({ exitCode: 0 });
    });

    it('refuses who is revoked', async () => {
      const { exitCode, stderr } = await verify(place, 'mallory');

      expect(exitCode).not.toBe(0);
      expect(stderr).toContain('certificate revoked');
    });

    it('reads every CRL, whose signatures hold', async () => {
      for (const role of rolesOf(single)) {
        const issuer = role === 'root' ? 'pki/ca.crt' : 'pki/ca-chain.crt';
        const { stdout, stderr } = await openssl(
          place,
          'crl',
          '-inform',
          'DER',
          '-in',
          crlOf(role),
          '-noout',
          '-text',
          '-CAfile',
          issuer,
        );
        expect(stderr).toContain('verify OK');
        expect(stdout).toMatch(/X509v3 CRL Number:/);
      }
    });

    it('finds the signature of our request good', async () => {
      const { exitCode, stderr } = await openssl(place, 'req', '-verify', '-in', 'requested.csr', '-noout');

      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('verify OK') });
    });

    it('reads the keys, the plain ones and with the password those of the CAs', async () => {
      const plain = ['requested.key', 'pki/issued/api.test/privkey.pem', 'pki/issued/alice/privkey.pem'];
      for (const path of plain) {
        expect(await openssl(place, 'pkey', '-in', path, '-noout')).toMatchObject({ exitCode: 0 });
      }
      for (const path of caKeysOf(single)) {
        const given = ['pkey', '-in', path, '-noout', '-passin'];
        expect(await openssl(place, ...given, 'file:password')).toMatchObject({ exitCode: 0 });
        expect((await openssl(place, ...given, 'pass:wrong')).exitCode).not.toBe(0);
      }
    });

    it('sees PBES2 of 600,000 rounds of HMAC-SHA256 and AES-256-CBC', async () => {
      for (const path of caKeysOf(single)) {
        const { stdout } = await openssl(place, 'asn1parse', '-in', path);
        const rounds = 600_000;
        expect(stdout).toMatch(/:PBES2\n[\s\S]*:PBKDF2\n/);
        expect(stdout).toContain(`INTEGER           :0${rounds.toString(16).toUpperCase()}`);
        expect(stdout).toMatch(/:hmacWithSHA256\n[\s\S]*:aes-256-cbc\n/);
      }
    });
  });

  it.skipIf(!peer('python3'))("Python's cryptography reads all of it", async () => {
    const keys = ['requested.key', ...LEAVES.slice(0, 2).map((name) => `pki/issued/${name}/privkey.pem`)];
    const question = {
      password: PASSWORD,
      chains: [...LEAVES, 'mallory'].map((name) => `pki/issued/${name}/fullchain.pem`),
      bundles: ['pki/ca.crt', 'pki/ca-chain.crt', 'requested.crt'],
      crls: rolesOf(single).map((role) => ({ role, path: crlOf(role) })),
      issuers: single ? { issuing: 0 } : { issuing: 0, root: 1 },
      keys,
      encrypted: caKeysOf(single),
      requests: ['requested.csr'],
    };
    writeFileSync(place.at('question.json'), JSON.stringify(question));
    writeFileSync(place.at('read.py'), READ_WITH_CRYPTOGRAPHY);

    const { exitCode, stdout, stderr } = await place.program('/usr/bin/python3', ['read.py']);

    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { revoked, names } = JSON.parse(stdout) as { revoked: string[]; names: string[] };
    expect(names).toEqual(['*.api.test', 'api.test']);
    expect(revoked).toContain(
      serialOf(await openssl(place, 'x509', '-in', 'pki/issued/mallory/cert.pem', '-noout', '-serial')),
    );
    expect(revoked.length).toBe(2);
  });

  it.skipIf(!peer('certtool'))('GnuTLS reads the certificates, CRL, request and keys', async () => {
    const inputs = [
      ['--certificate-info', 'pki/issued/api.test/cert.pem'],
      ['--certificate-info', 'pki/ca.crt'],
      ['--crl-info', 'pki/crl.pem'],
      ['--crq-info', 'requested.csr'],
      ['--key-info', 'pki/issued/api.test/privkey.pem'],
      ...caKeysOf(single).map((path) => ['--key-info', path, '--password', PASSWORD]),
    ];
    for (const [what, path, ...more] of inputs) {
      const ran = await place.program('certtool', [what!, '--infile', path!, ...more]);
      expect({ what, path, ...ran }).toMatchObject({ exitCode: 0 });
    }
    const chain = ['pki/issued/alice/fullchain.pem', ...(single ? ['pki/ca.crt'] : [])];
    writeFileSync(place.at('chain.pem'), chain.map((path) => readFileSync(place.at(path))).join(''));
    const verified = await place.program('certtool', [
      ...['--verify', '--load-ca-certificate', 'pki/ca.crt', '--load-crl', 'pki/crl-chain.pem'],
      ...['--infile', 'chain.pem'],
    ]);
    expect(verified).toMatchObject({ exitCode: 0 });
  });
});

function openssl(place: Workplace, ...args: readonly string[]): Promise<Ran> {
  return place.program('openssl', args);
}

function verify(place: Workplace, name: string): Promise<Ran> {
  const folder = `pki/issued/${name}`;
  return openssl(
    place,
    ...['verify', '-x509_strict', '-crl_check_all', '-CAfile', 'pki/ca.crt'],
    ...['-CRLfile', 'pki/crl-chain.pem', '-untrusted', `${folder}/chain.pem`, `${folder}/cert.pem`],
  );
}

function rolesOf(single: boolean): string[] {
  return single ? ['issuing'] : ['issuing', 'root'];
}

function crlOf(role: string): string {
  return `pki/crl/${role}.crl`;
}

function caKeysOf(single: boolean): string[] {
  return rolesOf(single).map((role) => `pki/private/${role}.key`);
}

function serialOf({ stdout }: Ran): string {
  return stdout.trim().replace('serial=', '').toLowerCase();
}

/** Every signature is checked, every extension parsed. */
const READ_WITH_CRYPTOGRAPHY = `
import json
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ask = json.load(open("question.json"))
read = lambda path: open(path, "rb").read()

def pem_blocks(path):
    end = b"-----END CERTIFICATE-----\\n"
    return [x509.load_pem_x509_certificate(part + end) for part in read(path).split(end) if part]

def check(issuer, signed, octets):
    key = issuer.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signed.signature, octets, padding.PKCS1v15(), signed.signature_hash_algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signed.signature, octets, ec.ECDSA(signed.signature_hash_algorithm))
    else:
        key.verify(signed.signature, octets)

cas = pem_blocks("pki/ca-chain.crt")
for path in ask["chains"] + ask["bundles"]:
    for certificate in pem_blocks(path):
        [str(extension) for extension in certificate.extensions]
        issuer = next(ca for ca in cas if ca.subject == certificate.issuer)
        check(issuer, certificate, certificate.tbs_certificate_bytes)
revoked = []
for crl in ask["crls"]:
    loaded = x509.load_der_x509_crl(read(crl["path"]))
    [str(extension) for extension in loaded.extensions]
    check(cas[ask["issuers"][crl["role"]]], loaded, loaded.tbs_certlist_bytes)
    if crl["role"] == "issuing":
        revoked = [format(one.serial_number, "032x") for one in loaded]
for path in ask["requests"]:
    request = x509.load_pem_x509_csr(read(path))
    [str(extension) for extension in request.extensions]
    assert request.is_signature_valid
for path in ask["keys"]:
    load_pem_private_key(read(path), None)
for path in ask["encrypted"]:
    load_pem_private_key(read(path), ask["password"].encode())
server = pem_blocks("pki/issued/api.test/cert.pem")[0]
names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
print(json.dumps({"revoked": revoked, "names": sorted(names.get_values_for_type(x509.DNSName))}))
`;
