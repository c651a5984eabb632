import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { ExportFormatName } from '../../src/ca/export-format.js';
import { Passphrase } from '../../src/keys/passphrase.js';
import { decodePem } from '../../src/x509/pem.js';
import { readPkcs7 } from '../../src/x509/pkcs7.js';
import { readPkcs12 } from '../../src/x509/pkcs12.js';
import { peer } from '../peers/peer.js';

const PASSWORD = 'correct horse';
let home: string;
let ca: CertificateAuthority;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sslapi-export-'));
  const pki = join(home, "it's a pki");
  await CertificateAuthority.create({ pki, name: 'Acme', passphrase: null });
  ca = await CertificateAuthority.open({ pki });
  await ca.issueServer({ commonName: '*.api.test' });
  await ca.issueClient({ commonName: 'alice' });
  await ca.issueClient({ commonName: 'Alice_B@acme', encryptKey: Passphrase.from('for the key') });
  await ca.issueClient({ commonName: 'ed', keyType: 'ed25519' });
});
afterAll(async () => {
  await ca.close();
  rmSync(home, { recursive: true, force: true });
});

async function exported(
  name: string,
  format: ExportFormatName,
  keyPassword?: string,
  exportPassword = PASSWORD,
) {
  const record = (await ca.find(name)).at(-1)!;
  return ca.export(record, {
    format,
    password: async () => Passphrase.from(exportPassword),
    ...(keyPassword && { keyPassphrase: async () => Passphrase.from(keyPassword) }),
  });
}

describe('what is exported', () => {
  it.each(['p12', 'p12-legacy'] as const)(
    'as %s has the leaf, its CAs up to the root, and the key',
    async (format) => {
      const { content } = await exported('alice', format);

      const { certificates, privateKeys, friendlyNames } = readPkcs12(content as Uint8Array, PASSWORD);
      const alice = (await ca.find('alice'))[0]!.certificate!;
      expect(certificates.map(hex)).toEqual([alice, ca.issuing.parsed.der, ca.root!.parsed.der].map(hex));
      expect(privateKeys.map(hex)).toEqual([hex(onlyBlock('alice'))]);
      expect(friendlyNames).toEqual(['alice']);
    },
  );

  it('of a wildcard is called as people type it', async () => {
    const { content } = await exported('*.api.test', 'p12');

    expect(readPkcs12(content as Uint8Array, PASSWORD).friendlyNames).toEqual(['*.api.test']);
  });

  it('of an encrypted key is the key itself, once its own password was given', async () => {
    const { content } = await exported('Alice_B@acme', 'p12', 'for the key');

    expect(readPkcs12(content as Uint8Array, PASSWORD).privateKeys).toHaveLength(1);
    await expect(exported('Alice_B@acme', 'p12', 'for another')).rejects.toMatchObject({
      code: 'ERR_PASSWORD_WRONG',
    });
    await expect(exported('Alice_B@acme', 'p12')).rejects.toMatchObject({ code: 'ERR_PASSWORD_NEEDED' });
  });

  it('as p7b has the leaf and its CAs, in that order', async () => {
    const { content } = await exported('alice', 'p7b');

    const alice = (await ca.find('alice'))[0]!.certificate!;
    const [block] = decodePem(content as string);
    expect(block!.label).toBe('PKCS7');
    expect(readPkcs7(block!.der).certificates.map(hex)).toEqual(
      [alice, ca.issuing.parsed.der, ca.root!.parsed.der].map(hex),
    );
  });

  it('with an Ed25519 key comes with a warning in PKCS#12, and with none elsewhere', async () => {
    expect((await exported('ed', 'p12')).notices.join()).toContain('Ed25519');
    expect((await exported('ed', 'pem')).notices).toEqual([]);
    expect((await exported('alice', 'p12')).notices).toEqual([]);
  });

  it('under a password that Java cannot type comes with a warning', async () => {
    expect((await exported('alice', 'p12', undefined, 'sécret')).notices.join()).toContain('Java');
  });

  it("of a CA never has the CA's key", async () => {
    const issuing = (await ca.list({})).find(({ profile }) => profile === 'issuing')!;

    const { content } = await exported(`serial:${issuing.serialNumber}`, 'pem');

    expect(content).not.toContain('PRIVATE KEY');
    await expect(exported(`serial:${issuing.serialNumber}`, 'p12')).rejects.toMatchObject({
      code: 'ERR_KEY_UNREADABLE',
    });
  });

  it('as a curl line is one that a shell takes apart as it was meant', async () => {
    const { content } = await exported('alice', 'curl');

    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${content}`], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(words).toEqual([
      'curl',
      '--cacert',
      ca.folder.at('ca.crt'),
      '--cert',
      ca.folder.at('issued', 'alice', 'fullchain.pem'),
      '--key',
      ca.folder.at('issued', 'alice', 'privkey.pem'),
      'https://localhost:8443/',
    ]);
  });
});

describe.skipIf(!peer('python3'))('what Python reads', () => {
  it.each([
    ['alice', 'alice'],
    ['Alice_B@acme', 'alice-b-acme'],
    ['*.api.test', 'wildcard.api.test'],
  ])('as a Kubernetes Secret %s is called %s and holds a matching pair', async (name, expected) => {
    const { content } = await exported(name, 'k8s-secret', 'for the key');

    const { kind, type, metadata, data } = python(
      'import yaml; print(json.dumps(yaml.safe_load(read())))',
      content,
    ) as {
      kind: string;
      type: string;
      metadata: { name: string };
      data: Record<string, string>;
    };

    expect({ kind, type, name: metadata.name }).toEqual({
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      name: expected,
    });
    const [leaf, issuing] = decodePem(Buffer.from(data['tls.crt']!, 'base64').toString());
    expect(hex(leaf!.der)).toBe(hex((await ca.find(name))[0]!.certificate!));
    expect(hex(issuing!.der)).toBe(hex(ca.issuing.parsed.der));
    expect(Buffer.from(data['tls.key']!, 'base64').toString()).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(hex(decodePem(Buffer.from(data['ca.crt']!, 'base64').toString())[0]!.der)).toBe(
      hex(ca.root!.parsed.der),
    );
  });

  it("as a profile for Apple's devices it has the root, the issuing CA and an identity of the old form", async () => {
    const { content } = await exported('alice', 'mobileconfig');

    const types = python(MOBILECONFIG, content) as [string, string, string][];

    expect(types.map(([type]) => type)).toEqual([
      'com.apple.security.pkcs1',
      'com.apple.security.root',
      'com.apple.security.pkcs12',
    ]);
    expect(new Set(types.map(([, uuid]) => uuid)).size).toBe(3);
    for (const [, uuid] of types)
      expect(uuid).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
    const identity = Buffer.from(types[2]![2], 'hex');
    expect(readPkcs12(identity, PASSWORD).privateKeys).toHaveLength(1);
    expect(identity.includes(Buffer.from('2a864886f70d010c0103', 'hex'))).toBe(true);
    const again = python(MOBILECONFIG, (await exported('alice', 'mobileconfig')).content) as typeof types;
    expect(again.map(([, uuid]) => uuid)).toEqual(types.map(([, uuid]) => uuid));
  });
});

const MOBILECONFIG = `
import plistlib
profile = plistlib.loads(read(), fmt=plistlib.FMT_XML)
assert profile["PayloadType"] == "Configuration" and profile["PayloadVersion"] == 1
print(json.dumps([[p["PayloadType"], p["PayloadUUID"], p["PayloadContent"].hex()] for p in profile["PayloadContent"]]))
`;

/** What a program in Python prints of a file's content, as JSON. */
function python(program: string, content: string | Uint8Array): unknown {
  const path = join(home, 'content');
  writeFileSync(path, content);
  const preamble = `import json\nread = lambda: open(${JSON.stringify(path)}, "rb").read()\n`;
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', preamble + program], { encoding: 'utf8' }));
}

function onlyBlock(name: string): Uint8Array {
  return decodePem(Buffer.from(ca.folder.read('issued', name, 'privkey.pem')!).toString())[0]!.der;
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
