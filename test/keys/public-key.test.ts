import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isPublicKey, publicKeyOf } from '../../src/keys/public-key.js';
import {
  parseSubjectPublicKeyInfo,
  type SubjectPublicKeyInfo,
} from '../../src/x509/subject-public-key-info.js';

const pairs = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  ed25519: generateKeyPairSync('ed25519'),
  ed448: generateKeyPairSync('ed448'),
};

describe.each(Object.entries(pairs))('a key of %s', (kind, { publicKey, privateKey }) => {
  const der = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const info = parseSubjectPublicKeyInfo(der);

  it('is read, and is the same key', () => {
    const digest = kind.startsWith('ed') ? null : 'sha256';
    const data = Buffer.from('data');

    expect(verify(digest, data, publicKeyOf(info)!, sign(digest, data, privateKey))).toBe(true);
    expect(isPublicKey(info)).toBe(true);
  });

  it('is none any more when its last octet is cut off', () => {
    const cut: SubjectPublicKeyInfo = {
      ...info,
      publicKey: info.publicKey.subarray(0, -1),
      der: der.subarray(0, -1),
    };

    expect(isPublicKey(cut)).toBe(false);
  });
});

it('a compressed point is a public key too', () => {
  const compressed = Buffer.from(
    '3039301306072a8648ce3d020106082a8648ce3d030107032200036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
    'hex',
  );

  expect(isPublicKey(parseSubjectPublicKeyInfo(compressed))).toBe(true);
});

it.each<[string, 'dsa' | 'ec', object]>([
  ['DSA', 'dsa', { modulusLength: 2048, divisorLength: 256 }],
  ['a curve given by its parameters', 'ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }],
  ['secp256k1', 'ec', { namedCurve: 'secp256k1' }],
])('a key of %s is not read', (_what, kind, options) => {
  const { publicKey } = generateKeyPairSync(kind as 'ec', options as { namedCurve: string });
  const info = parseSubjectPublicKeyInfo(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })));

  expect(publicKeyOf(info)).toBe(null);
});
