import { generateKeyPair, generateKeyPairSync } from 'node:crypto';
import { promisify } from 'node:util';
import { SslapiError } from '../errors.js';
import type { KeyType } from './key-type.js';

/** A fresh pair as DER; nothing is parsed back, which on Node 20 costs more than making the key. */
export interface GeneratedKey {
  readonly keyType: KeyType;
  /** PrivateKeyInfo, RFC 5958, in clear. */
  readonly pkcs8: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
}

/** Makes a private key. RSA takes from 0.1 s to several seconds, in a thread of its own. */
export async function generateKey(keyType: KeyType): Promise<GeneratedKey> {
  const pair = await generate(keyType);
  return { keyType, pkcs8: pair.privateKey, subjectPublicKeyInfo: pair.publicKey };
}

type EncodedPair = { publicKey: Uint8Array; privateKey: Uint8Array };

/** Small keys are made at once: a thread of the pool would cost more than the key. */
function generate(keyType: KeyType): EncodedPair | Promise<EncodedPair> {
  switch (keyType) {
    case 'ec-p256':
      return generateNow('ec', { namedCurve: 'prime256v1', ...AS_DER });
    case 'ec-p384':
      return generateNow('ec', { namedCurve: 'secp384r1', ...AS_DER });
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return generateEncoded('rsa', {
        modulusLength: Number(keyType.slice(4)),
        publicExponent: 65_537,
        ...AS_DER,
      });
    case 'ed25519':
      return generateNow('ed25519', AS_DER);
    case 'ml-dsa-44':
    case 'ml-dsa-65':
    case 'ml-dsa-87':
      return generateEncoded(keyType, AS_DER).catch(() => {
        throw new SslapiError(
          'ERR_KEY_TYPE_UNSUPPORTED',
          `this Node (${process.version}) cannot make ${keyType} keys`,
        );
      });
  }
}

const AS_DER = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
} as const;

/** `generateKeyPairSync` typed for spread options. */
const generateNow = generateKeyPairSync as unknown as (type: string, options: object) => EncodedPair;

/** `generateKeyPair` typed for every kind of key: the typings of Node 20 know no ML-DSA. */
const generateEncoded = promisify(generateKeyPair) as unknown as (
  type: string,
  options: object,
) => Promise<EncodedPair>;
