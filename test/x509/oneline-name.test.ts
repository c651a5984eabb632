import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCertificate } from '../../src/x509/certificate.js';
import { formatName, parseName } from '../../src/x509/name.js';
import { formatOnelineName, onelineToRfc4514, readOnelineName } from '../../src/x509/oneline-name.js';
import { decodePem } from '../../src/x509/pem.js';
import { peer } from '../peers/peer.js';

const NAMES: ReadonlyArray<readonly [what: string, rfc4514: string, oneline: string]> = [
  ['the most significant part first', 'CN=alice,O=Acme,C=DE', '/C=DE/O=Acme/CN=alice'],
  ['octets that are no ASCII', 'CN=Zoë', '/CN=Zo\\xC3\\xAB'],
  ['a slash and a plus in a value', 'CN=HTTP/a\\+b', '/CN=HTTP\\/a\\+b'],
  ['several attributes of one part', 'CN=alice+UID=7,DC=test', '/DC=test/CN=alice+UID=7'],
  ['quotes, commas and equals signs', 'O=a\\, \\"b\\"\\=c', '/O=a, "b"=c'],
  ['a type by its number', '1.2.3.4=x', '/1.2.3.4=x'],
];

describe('a name in one line', () => {
  it.each(NAMES)('has %s', (_what, rfc4514, oneline) => {
    const name = parseName(rfc4514);

    expect(formatOnelineName(name)).toBe(oneline);
    expect(onelineToRfc4514(oneline)).toBe(formatName(name));
  });

  it.skipIf(!peer('openssl')).each(NAMES)('is what openssl writes: %s', (_what, rfc4514, oneline) => {
    const folder = mkdtempSync(join(tmpdir(), 'sslapi-oneline-'));
    const subject = rfc4514.startsWith('1.2') ? '/CN=x' : oneline.replaceAll('\\xC3\\xAB', 'ë');
    const args = [
      '-newkey',
      'ed25519',
      '-nodes',
      '-keyout',
      'k',
      '-subj',
      subject,
      '-multivalue-rdn',
      '-utf8',
    ];
    execFileSync('openssl', ['req', '-x509', ...args, '-out', 'c'], { cwd: folder, stdio: 'pipe' });
    const told = execFileSync('openssl', ['x509', '-in', 'c', '-noout', '-subject', '-nameopt', 'compat'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const { subject: read } = parseCertificate(decodePem(readFileSync(join(folder, 'c'), 'latin1'))[0]!.der);
    rmSync(folder, { recursive: true });

    expect(`subject=${formatOnelineName(read)}\n`).toBe(told);
  });

  it('of an OpenSSL before 3 has slashes as they are: a type that we know parts it', () => {
    expect(readOnelineName('/O=Acme/CN=HTTP/www.test/x=1')?.rdns.map(([one]) => one?.value)).toEqual([
      'Acme',
      'HTTP/www.test/x=1',
    ]);
  });

  it.each(['', 'CN=alice', '/', '/nothing', '/what=x'])('is none: "%s"', (text) => {
    expect(readOnelineName(text)).toBeNull();
    expect(onelineToRfc4514(text)).toBe(text);
  });
});
