import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { integer, octetString, sequence } from '../../src/x509/der.js';
import { readPkcs7 } from '../../src/x509/pkcs7.js';
import { readPkcs12 } from '../../src/x509/pkcs12.js';
import { recognise } from '../../src/x509/recognise.js';
import { peer } from '../peers/peer.js';
import { makeOpensslFiles, type OpensslFiles } from './openssl-files.js';

describe.runIf(peer('openssl'))('a PKCS#12 file of openssl', () => {
  let files: OpensslFiles;
  beforeAll(() => {
    files = makeOpensslFiles();
  });
  afterAll(() => files.remove());

  it.each<[string, string, readonly string[]]>([
    ['AES and SHA-256, as today', 'leaf', []],
    ['RC2, 3DES and SHA-1, as of old', 'leaf', ['-legacy']],
    ['an EC key, which forge does not know', 'ca', []],
    ['no encryption of certificates', 'ca', ['-certpbe', 'NONE']],
  ])('%s: gives the certificate to the octet, and its key', (_kind, who, flags) => {
    const inputs = ['-inkey', `${who}.key`, '-in', `${who}.pem`, '-name', 'my name'];
    files.run('pkcs12', '-export', ...inputs, '-passout', 'pass:sécret', '-out', 'x.p12', ...flags);

    const contents = readPkcs12(files.read('x.p12'), 'sécret');

    expect(contents.certificates.map(hex)).toEqual([hex(onlyItem(files.read(`${who}.pem`)))]);
    expect(contents.privateKeys.map(publicOf)).toEqual([publicOf(onlyItem(files.read(`${who}.key`)))]);
    expect(contents.friendlyNames).toEqual(['my name']);
  });

  it('does not open with another password', () => {
    files.run(
      'pkcs12',
      '-export',
      '-inkey',
      'ca.key',
      '-in',
      'ca.pem',
      '-passout',
      'pass:right',
      '-out',
      'x.p12',
    );

    expect(() => readPkcs12(files.read('x.p12'), 'wrong')).toThrow(
      'the password does not open the PKCS#12 file',
    );
  });

  it('is refused where it asks for rounds without end, before one is done', () => {
    const macData = (rounds: number) => sequence(sequence(), octetString(Uint8Array.of(1)), integer(rounds));
    const file = (rounds: number) => sequence(integer(3), sequence(), macData(rounds));

    expect(() => readPkcs12(file(2 ** 23), 'x')).toThrow('too many rounds');
    expect(() => readPkcs12(file(2 ** 23 - 1), 'x')).toThrow('cannot be read');
  });

  it('PKCS#7 gives its certificates to the octet', () => {
    files.run(
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      'leaf.pem',
      '-certfile',
      'ca.pem',
      '-outform',
      'DER',
      '-out',
      'x.p7b',
    );

    const { certificates, crls } = readPkcs7(files.read('x.p7b'));

    expect(certificates.map(hex)).toEqual(
      ['leaf.pem', 'ca.pem'].map((name) => hex(onlyItem(files.read(name)))),
    );
    expect(crls).toEqual([]);
  });
});

function onlyItem(bytes: Uint8Array): Uint8Array {
  return recognise(bytes, 'file').items[0]!.der;
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

function publicOf(pkcs8: Uint8Array): string {
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'der' })
    .toString('hex');
}
