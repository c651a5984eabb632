import { generateKeyPair } from 'node:crypto';
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

function generate(keyType: KeyType): Promise<EncodedPair> {
  switch (keyType) {
    case 'ec-p256':
      return generateEncoded('ec', { namedCurve: 'prime256v1', ...AS_DER });
    case 'ec-p384':
      return generateEncoded('ec', { namedCurve: 'secp384r1', ...AS_DER });
    case 'rsa-2048':
    case 'rsa-3072':
    case 'rsa-4096':
      return generateEncoded('rsa', {
        modulusLength: Number(keyType.slice(4)),
        publicExponent: 65_537,
        ...AS_DER,
      });
    case 'ed25519':
      return generateEncoded('ed25519', AS_DER);
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

/** `generateKeyPair` typed for every kind of key: the typings of Node 20 know no ML-DSA. */
const generateEncoded = promisify(generateKeyPair) as unknown as (
  type: string,
  options: object,
) => Promise<EncodedPair>;
