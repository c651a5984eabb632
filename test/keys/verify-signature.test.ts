import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type SignatureVerdict, signatureHash, verifySignature } from '../../src/keys/verify-signature.js';
import { algorithmIdentifier, readAlgorithmIdentifier } from '../../src/x509/algorithm-identifier.js';
import { DerReader, explicit, integer, sequence } from '../../src/x509/der.js';
import { OID } from '../../src/x509/oid.js';
import { parseSubjectPublicKeyInfo } from '../../src/x509/subject-public-key-info.js';

const data = Buffer.from('what is signed');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const [p256, p384, p521] = ['P-256', 'P-384', 'P-521'].map((namedCurve) =>
  generateKeyPairSync('ec', { namedCurve }),
) as [Pair, Pair, Pair];
const ed25519 = generateKeyPairSync('ed25519');
const ed448 = generateKeyPairSync('ed448');

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function verdict(
  { publicKey }: Pair,
  identifier: Uint8Array,
  signature: Uint8Array,
  signed = data,
): SignatureVerdict {
  return verifySignature({
    subjectPublicKeyInfo: parseSubjectPublicKeyInfo(
      new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    ),
    algorithm: readAlgorithmIdentifier(new DerReader(identifier)),
    data: signed,
    signature,
  });
}

/** RSASSA-PSS-params of RFC 4055 §3.1. */
function pss(hash: string, mask: string, saltLength: number, trailer?: number): Uint8Array {
  const named = (id: string) => algorithmIdentifier(id, 'null');
  const parts = [
    explicit(0, named(hash)),
    explicit(1, algorithmIdentifier(OID.mgf1, named(mask))),
    explicit(2, integer(saltLength)),
    ...(trailer === undefined ? [] : [explicit(3, integer(trailer))]),
  ];
  return algorithmIdentifier(OID.rsassaPss, sequence(...parts));
}

const plain = (id: string) => algorithmIdentifier(id, 'absent');
const withNull = (id: string) => algorithmIdentifier(id, 'null');
const pssSigned = (saltLength: number) =>
  sign('sha256', data, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

describe('a signature that is good', () => {
  it.each<[string, Pair, Uint8Array, Uint8Array]>([
    ['RSA PKCS #1', rsa, withNull(OID.sha256WithRSAEncryption), sign('sha256', data, rsa.privateKey)],
    [
      'RSA with its parameters left out',
      rsa,
      plain(OID.sha384WithRSAEncryption),
      sign('sha384', data, rsa.privateKey),
    ],
    ['RSA-PSS', rsa, pss(OID.sha256, OID.sha256, 32), pssSigned(32)],
    ['RSA-PSS with a short salt', rsa, pss(OID.sha256, OID.sha256, 20, 1), pssSigned(20)],
    ['ECDSA on P-256', p256, plain(OID.ecdsaWithSHA256), sign('sha256', data, p256.privateKey)],
    ['ECDSA on P-384', p384, plain(OID.ecdsaWithSHA384), sign('sha384', data, p384.privateKey)],
    ['ECDSA on P-521', p521, plain(OID.ecdsaWithSHA512), sign('sha512', data, p521.privateKey)],
    ['Ed25519', ed25519, plain(OID.ed25519), sign(null, data, ed25519.privateKey)],
    ['Ed448', ed448, plain(OID.ed448), sign(null, data, ed448.privateKey)],
  ])('%s', (_what, pair, identifier, signature) => {
    expect(verdict(pair, identifier, signature)).toBe('valid');
    expect(verdict(pair, identifier, signature, Buffer.from('what is not'))).toBe('invalid');
    expect(verdict(pair, identifier, signature.subarray(1))).toBe('invalid');
  });
});

describe('a signature that is not', () => {
  it.each<[string, Pair, Uint8Array, Uint8Array, SignatureVerdict]>([
    [
      'of another kind of key',
      p256,
      withNull(OID.sha256WithRSAEncryption),
      sign('sha256', data, rsa.privateKey),
      'invalid',
    ],
    [
      'with NULL for ECDSA',
      p256,
      withNull(OID.ecdsaWithSHA256),
      sign('sha256', data, p256.privateKey),
      'parameters-invalid',
    ],
    [
      'with NULL for Ed25519',
      ed25519,
      withNull(OID.ed25519),
      sign(null, data, ed25519.privateKey),
      'parameters-invalid',
    ],
    ['with another salt length', rsa, pss(OID.sha256, OID.sha256, 32), pssSigned(20), 'invalid'],
    ['with another trailer', rsa, pss(OID.sha256, OID.sha256, 32, 2), pssSigned(32), 'parameters-invalid'],
    ['with two hashes', rsa, pss(OID.sha256, OID.sha384, 32), pssSigned(32), 'unsupported-algorithm'],
    ['without PSS parameters', rsa, plain(OID.rsassaPss), pssSigned(32), 'parameters-invalid'],
    ['of an unknown algorithm', rsa, withNull('1.2.3.4'), pssSigned(32), 'unsupported-algorithm'],
  ])('%s', (_what, pair, identifier, signature, outcome) => {
    expect(verdict(pair, identifier, signature)).toBe(outcome);
  });

  it('by a key that is no point of its curve', () => {
    const spki = new Uint8Array(p256.publicKey.export({ type: 'spki', format: 'der' }));
    spki[spki.length - 1] = spki[spki.length - 1]! ^ 1;

    const outcome = verifySignature({
      subjectPublicKeyInfo: parseSubjectPublicKeyInfo(spki),
      algorithm: readAlgorithmIdentifier(new DerReader(plain(OID.ecdsaWithSHA256))),
      data,
      signature: sign('sha256', data, p256.privateKey),
    });

    expect(outcome).toBe('key-unreadable');
  });
});

it('tells the hash that a signature rests on', () => {
  const hashOf = (identifier: Uint8Array) =>
    signatureHash(readAlgorithmIdentifier(new DerReader(identifier)));

  expect(hashOf(withNull(OID.sha1WithRSAEncryption))).toBe('sha1');
  expect(hashOf(plain(OID.ecdsaWithSHA384))).toBe('sha384');
  expect(hashOf(pss(OID.sha512, OID.sha512, 64))).toBe('sha512');
  expect(hashOf(plain(OID.ed25519))).toBe(null);
});
