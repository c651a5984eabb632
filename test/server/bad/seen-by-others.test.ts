import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer } from '../../peers/peer.js';
import { type BadLab, badLab } from './bad-lab.js';

let lab: BadLab;
beforeAll(async () => {
  lab = await badLab();
});
afterAll(() => lab?.close());

const LAX = ['-cipher', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'];
const TWELVE = ['-tls1_2', ...LAX];

/** What openssl s_client says of a kind, with the flags that let it come so far. */
const SEEN_BY_OPENSSL: ReadonlyArray<readonly [id: string, flags: readonly string[], said: RegExp]> = [
  ['good', [], /Verify return code: 0 \(ok\)/],
  ['expired', [], /Verify return code: 10 \(certificate has expired\)/],
  ['not-yet-valid', [], /Verify return code: 9 \(certificate is not yet valid\)/],
  ['wrong-host', [], /Verify return code: 62 \(hostname mismatch\)/],
  ['no-san', [], /subject=CN = localhost[\s\S]*Verify return code: 0/],
  ['wildcard-misused', [], /Verify return code: 62 \(hostname mismatch\)/],
  ['self-signed', [], /Verify return code: 18 \(self-signed certificate\)/],
  ['untrusted-root', [], /Verify return code: 19 \(self-signed certificate in certificate chain\)/],
  ['rogue-ca', [], /Verify return code: (19|7) /],
  ['missing-intermediate', [], /Verify return code: 21 \(unable to verify the first certificate\)/],
  ['revoked', ['-crl_check_all'], /Verify return code: 23 \(certificate revoked\)/],
  ['wrong-key', [], /bad signature/],
  ['tampered-signature', [], /certificate signature failure|EVP lib/],
  ['malformed', TWELVE, /wrong tag/],
  ['eku-client-only', [], /Verify return code: 26 \(unsuitable certificate purpose\)/],
  ['key-usage-without-signature', [], /Verify return code: 0 \(ok\)/],
  ['unknown-critical-extension', [], /Verify return code: 34 \(unhandled critical extension\)/],
  ['issued-by-leaf', [], /Verify return code: (79|24|32) /],
  ['ca-not-ca', [], /Verify return code: (79|24) \(invalid CA certificate\)/],
  ['ca-without-cert-sign', [], /Verify return code: (79|24|32) /],
  ['path-length-exceeded', [], /Verify return code: 25 \(path length constraint exceeded\)/],
  ['name-constraint-violation', [], /Verify return code: 48 \(excluded subtree violation\)/],
  ['expired-intermediate', [], /depth=1[^\n]*\nverify error:num=10:certificate has expired/],
  ['sha1', [], /a:PKEY: id-ecPublicKey, 256 \(bit\); sigalg: ecdsa-with-SHA1/],
  ['rsa1024', LAX, /Server public key is 1024 bit/],
  ['must-staple', ['-status'], /OCSP response: no response sent/],
  ['large-certificate', [], /SSL handshake has read [1-9]\d{4} bytes/],
  ['tls1.0', ['-tls1', ...LAX], /New, TLSv1\.0, Cipher is ECDHE-RSA-AES/],
  ['tls1.1', ['-tls1_1', ...LAX], /Protocol {2}: TLSv1\.1/],
  ['downgraded', [], /inappropriate fallback/],
  ['null-cipher', [...TWELVE.slice(0, 1), '-cipher', 'eNULL:@SECLEVEL=0'], /Cipher is .*NULL/],
  ['anonymous', TWELVE, /no peer certificate available[\s\S]*Cipher is (ADH|AECDH)-/],
  ['freak', [], /unexpected message/],
  ['suite-not-offered', [], /wrong cipher returned/],
  ['static-rsa', [], /Cipher is AES\d+-/],
  ['dh1024', TWELVE, /Server Temp Key: DH, 1024 bits/],
  ['dh512', TWELVE, /dh key too small/],
  ['weak-group', [...TWELVE, '-curves', 'prime192v1'], /Server Temp Key: ECDH, prime192v1, 192 bits/],
  ['sha1-signature', TWELVE, /Peer signing digest: SHA1/],
  ['client-auth-optional', [], /Acceptable client certificate CA names\nCN = Lab/],
  [
    'client-auth-any',
    [],
    /No client certificate CA names sent\n(Client Certificate Types|Requested Signature)/,
  ],
  ['client-auth-without-crl', [], /Acceptable client certificate CA names\nCN = Lab/],
];

describe.skipIf(!peer('openssl'))('openssl sees', () => {
  it.each(SEEN_BY_OPENSSL)('%s', async (id, flags, said) => {
    const trusted = join(lab.folder, 'trusted.pem');
    writeFileSync(
      trusted,
      ['ca.crt', 'crl-chain.pem'].map((file) => lab.ca.folder.read(file)!.toString()).join(''),
    );

    const seen = await run('openssl', [
      ...['s_client', '-connect', `127.0.0.1:${lab.portOf(id)}`, '-servername', 'localhost'],
      ...['-CAfile', trusted, '-verify_hostname', 'localhost', ...flags],
    ]);

    expect(seen).toMatch(said);
  });
});

/** Kinds of which OpenSSL knows nothing any more, by what nmap says of them. */
const SEEN_BY_NMAP: ReadonlyArray<readonly [id: string, said: RegExp]> = [
  ['sslv2', /SSLv2 supported[\s\S]*SSL2_RC4_128_WITH_MD5/],
  ['sslv3', /SSLv3:[\s\S]*TLS_RSA_WITH_AES_128_CBC_SHA/],
  ['rc4', /TLSv1\.2:[\s\S]*TLS_RSA_WITH_RC4_128_SHA/],
  ['3des', /TLSv1\.2:[\s\S]*TLS_RSA_WITH_3DES_EDE_CBC_SHA/],
  ['export', /TLSv1\.0:[\s\S]*TLS_RSA_EXPORT_WITH_RC4_40_MD5/],
  ['dh512', /TLSv1\.2:[\s\S]*TLS_DHE_RSA_WITH_AES_128_GCM_SHA256 \(dh 512\)/],
];

describe.skipIf(!peer('nmap'))('nmap sees, as far as the hello,', () => {
  let said: ReadonlyMap<number, string>;
  beforeAll(async () => {
    const ports = SEEN_BY_NMAP.map(([id]) => lab.portOf(id));
    const text = await run('nmap', [
      ...['-Pn', '-n', '-p', ports.join(','), '--script', '+ssl-enum-ciphers,+sslv2', '127.0.0.1'],
    ]);
    const parts = text.split(/^(?=\d+\/tcp)/m).map((part) => [Number.parseInt(part, 10), part] as const);
    said = new Map(parts);
  }, 120_000);

  it.each(SEEN_BY_NMAP)('%s', (id, words) => {
    expect(said.get(lab.portOf(id))).toMatch(words);
  });
});

/** Kinds that Java can still be made to speak, and the version that it is told to. */
const OLD: ReadonlyArray<readonly [id: string, version: string]> = [
  ['sslv3', 'SSLv3'],
  ['rc4', 'TLSv1.2'],
  ['3des', 'TLSv1.2'],
  ['export', 'TLSv1'],
  ['null-cipher', 'TLSv1.2'],
  ['tls1.0', 'TLSv1'],
  ['tls1.1', 'TLSv1.1'],
];

describe.skipIf(!peer('java'))('Java, made to speak all that it knows, goes along with', () => {
  beforeAll(async () => {
    const security = join(lab.folder, 'java.security');
    writeFileSync(
      security,
      'jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\njdk.certpath.disabledAlgorithms=\n',
    );
    const program = new URL('clients/OldClient.java', import.meta.url).pathname;
    lab.events.length = 0;
    await run('java', [
      `-Djava.security.properties=${security}`,
      program,
      lab.ca.folder.at('ca.crt'),
      ...OLD.map(([id, version]) => `${version}=${lab.portOf(id)}`),
    ]);
  }, 120_000);

  it.each(OLD)('%s, in %s', (id) => {
    expect(lab.events.filter(({ bad }) => bad === id).map(({ outcome }) => outcome)).toEqual(['accepted']);
  });
});

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { timeout: 100_000, maxBuffer: 2 ** 24 };
    const child = execFile(program, args, options, (_error, stdout, stderr) => resolve(stdout + stderr));
    child.stdin?.on('error', () => {}).end('GET / HTTP/1.0\r\n\r\n');
  });
}
