import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SslapiError } from '../../src/errors.js';
import { recognise } from '../../src/x509/recognise.js';
import { peer } from '../peers/peer.js';
import { makeOpensslFiles, type OpensslFiles } from './openssl-files.js';

describe.runIf(peer('openssl'))('what openssl writes is told by content', () => {
  let files: OpensslFiles;
  beforeAll(() => {
    files = makeOpensslFiles();
  });
  afterAll(() => files.remove());

  it.each<[string, string, readonly string[] | null]>([
    ['certificate', 'leaf.pem', null],
    ['certificate', 'leaf.der', null],
    ['certificate-request', 'leaf.csr', null],
    ['certificate-request', 'csr.der', ['req', '-in', 'leaf.csr', '-outform', 'DER', '-out', 'csr.der']],
    ['private-key', 'leaf.key', null],
    ['private-key', 'pkcs8.der', ['pkey', '-in', 'ca.key', '-outform', 'DER', '-out', 'pkcs8.der']],
    ['private-key', 'pkcs1.key', ['rsa', '-in', 'leaf.key', '-traditional', '-out', 'pkcs1.key']],
    [
      'private-key',
      'pkcs1.der',
      ['rsa', '-in', 'leaf.key', '-traditional', '-outform', 'DER', '-out', 'pkcs1.der'],
    ],
    ['private-key', 'sec1.key', ['ec', '-in', 'ca.key', '-out', 'sec1.key']],
    ['private-key', 'sec1.der', ['ec', '-in', 'ca.key', '-outform', 'DER', '-out', 'sec1.der']],
    [
      'encrypted-private-key',
      'closed.key',
      ['pkey', '-in', 'ca.key', '-aes256', '-passout', 'pass:x', '-out', 'closed.key'],
    ],
    [
      'encrypted-private-key',
      'closed.der',
      ['pkcs8', '-topk8', '-in', 'ca.key', '-passout', 'pass:x', '-outform', 'DER', '-out', 'closed.der'],
    ],
    [
      'encrypted-private-key',
      'old.key',
      ['rsa', '-in', 'leaf.key', '-traditional', '-aes128', '-passout', 'pass:xxxx', '-out', 'old.key'],
    ],
    ['public-key', 'spki.pem', ['pkey', '-in', 'ca.key', '-pubout', '-out', 'spki.pem']],
    ['public-key', 'spki.der', ['pkey', '-in', 'leaf.key', '-pubout', '-outform', 'DER', '-out', 'spki.der']],
    ['public-key', 'rsa-pub.pem', ['rsa', '-in', 'leaf.key', '-RSAPublicKey_out', '-out', 'rsa-pub.pem']],
    ['pkcs7', 'chain.p7b', ['crl2pkcs7', '-nocrl', '-certfile', 'leaf.pem', '-out', 'chain.p7b']],
    [
      'pkcs12',
      'leaf.p12',
      [
        'pkcs12',
        '-export',
        '-inkey',
        'leaf.key',
        '-in',
        'leaf.pem',
        '-passout',
        'pass:x',
        '-out',
        'leaf.p12',
      ],
    ],
    [
      'certificate',
      'trusted.pem',
      ['x509', '-in', 'leaf.pem', '-addtrust', 'serverAuth', '-trustout', '-out', 'trusted.pem'],
    ],
  ])('%s: %s', (kind, name, command) => {
    if (command !== null) files.run(...command);

    expect(recognise(files.read(name), name).items.map((item) => item.kind)).toEqual([kind]);
  });

  it('a certificate is a certificate under any label, and without one', () => {
    const pem = Buffer.from(files.read('leaf.pem')).toString();
    const base64 = pem.replace(/-----.*-----\n/g, '');

    expect(kindsIn(pem.replaceAll('CERTIFICATE', 'PRIVATE KEY'))).toEqual(['certificate']);
    expect(kindsIn(base64)).toEqual(['certificate']);
    expect(kindsIn(`\ufeffBag Attributes\r\n${pem.replaceAll('\n', '\r\n')}`)).toEqual(['certificate']);
  });

  it('a bundle is all that is in it, in order', () => {
    const all = ['leaf.key', 'leaf.pem', 'ca.pem', 'leaf.csr'].map((name) =>
      Buffer.from(files.read(name)).toString(),
    );

    expect(kindsIn(all.join('some text\n'))).toEqual([
      'private-key',
      'certificate',
      'certificate',
      'certificate-request',
    ]);
  });

  it('whatever is cut off says how much is missing', () => {
    const der = files.read('leaf.der');

    expect(refusalOf(der.subarray(0, der.length - 7)).message).toBe(
      `file is cut off: it announces ${der.length} octets and has ${der.length - 7}`,
    );
  });

  it('no octets of a file make it fail in another way', () => {
    const der = files.read('leaf.der');
    for (let length = 0; length < der.length; length += 1) {
      expect(refusalOf(der.subarray(0, length)).code).toBe('ERR_INPUT_NOT_RECOGNISED');
    }
  });
});

describe('what is none of ours is told for what it is', () => {
  it.each<[string, string | Uint8Array]>([
    ['is an empty file', ''],
    ['is a file of nothing but white space', ' \n\t\n'],
    ['is a text without a PEM block', 'hello'],
    ['is binary data that is no DER', Uint8Array.of(0, 1, 2, 3)],
    ['is a JSON document', '{"error": "not found"}'],
    ['is an HTML page', '<!DOCTYPE html><html>'],
    ['is an XML document', '<?xml version="1.0"?><a/>'],
    ['is an SSH public key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@here'],
    ['is an SSH private key', pem('OPENSSH PRIVATE KEY')],
    ['is Diffie-Hellman parameters', pem('X9.42 DH PARAMETERS')],
    ['is the name of a curve, without a key', pem('EC PARAMETERS')],
    ['is an OpenPGP key or message', pem('PGP PUBLIC KEY BLOCK')],
    ['is a text in UTF-16, as Windows saves it', Buffer.from('\ufeff-----BEGIN', 'utf16le')],
    ['is a Java key store (JKS)', Uint8Array.of(0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2)],
    ['is a ZIP archive', Buffer.from('PK\x03\x04rest')],
    ['is the text that openssl prints of it', 'Certificate:\n    Data:\n'],
    ['has a CERTIFICATE block, but what is in it is none', pem('CERTIFICATE')],
  ])('%s', (what, content) => {
    expect(refusalOf(content).message).toBe(`file ${what}`);
  });

  it('a damaged PEM block names the file, and the block', () => {
    expect(refusalOf('-----BEGIN CERTIFICATE-----\nMIIB').message).toBe(
      'file: the PEM text is damaged: the CERTIFICATE block has no END line',
    );
  });
});

function kindsIn(text: string): string[] {
  return recognise(Buffer.from(text), 'file').items.map(({ kind }) => kind);
}

function refusalOf(content: string | Uint8Array): SslapiError {
  try {
    recognise(typeof content === 'string' ? Buffer.from(content) : content, 'file');
  } catch (error) {
    if (error instanceof SslapiError) return error;
    throw error;
  }
  throw new Error('it was recognised');
}

function pem(label: string): string {
  return `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
}
