import { describe, expect, it } from 'vitest';
import { hashOfSignature, hashWeakness, keyWeakness } from '../../src/policy/key-strength.js';

describe('the strength of a key', () => {
  it.each([
    'rsa-2048',
    'rsa-3072',
    'rsa-4096',
    'rsa-pss-2048',
    'ec-p256',
    'ec-p384',
    'ec-p521',
    'ed25519',
    'ed448',
    'ml-dsa-65',
  ])('%s is strong enough', (keyType) => expect(keyWeakness(keyType)).toBeNull());

  it.each([
    ['rsa-2047', 'key-too-short'],
    ['rsa-1024', 'key-too-short'],
    ['rsa-pss-1024', 'key-too-short'],
    ['ec-secp256k1', 'curve-not-allowed'],
    ['ec-explicit', 'curve-not-allowed'],
    ['ec-1.3.36.3.3.2.8.1.1.7', 'curve-not-allowed'],
    ['dsa', 'key-type-not-allowed'],
    ['rsa-unreadable', 'key-type-not-allowed'],
    ['1.2.3.4', 'key-type-not-allowed'],
  ])('%s is refused: %s', (keyType, weakness) => expect(keyWeakness(keyType)).toMatchObject({ weakness }));

  it('says what was found and what would do', () => {
    expect(keyWeakness('rsa-1024')?.message).toBe('an RSA key of 1024 bits is shorter than 2048');
    expect(keyWeakness('ec-secp256k1')?.message).toBe('the curve secp256k1 is not one of p256, p384, p521');
  });
});

describe('the strength of a signature', () => {
  it.each(['sha224', 'sha256', 'sha384', 'sha512'])('%s is strong enough', (hash) =>
    expect(hashWeakness(hash)).toBeNull(),
  );

  it.each([
    ['md2', 'hash-broken'],
    ['md5', 'hash-broken'],
    ['sha1', 'hash-broken'],
    ['whirlpool', 'hash-unknown'],
  ])('%s is refused: %s', (hash, weakness) => expect(hashWeakness(hash)).toMatchObject({ weakness }));

  it.each([
    ['sha1WithRSAEncryption', 'sha1'],
    ['md5WithRSAEncryption', 'md5'],
    ['sha256WithRSAEncryption', 'sha256'],
    ['ecdsaWithSHA1', 'sha1'],
    ['ecdsaWithSHA512', 'sha512'],
    ['ecdsa-with-SHA384', 'sha384'],
    ['rsa_pkcs1_sha1', 'sha1'],
    ['rsa_md5', 'md5'],
    ['ecdsa_secp256r1_sha256', 'sha256'],
    ['ed25519', null],
    ['rsassaPss', null],
    ['mldsa65', null],
  ])('%s signs over %s', (algorithm, hash) => expect(hashOfSignature(algorithm)).toBe(hash));
});
