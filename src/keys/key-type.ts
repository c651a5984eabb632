import { SslapiError } from '../errors.js';

/** The keys that can be made, as `--key-type` names them. */
export const KEY_TYPES = [
  'ec-p256',
  'ec-p384',
  'rsa-2048',
  'rsa-3072',
  'rsa-4096',
  'ed25519',
  'ml-dsa-44',
  'ml-dsa-65',
  'ml-dsa-87',
] as const;

export type KeyType = (typeof KEY_TYPES)[number];

/** P-256: small, fast, and read by everything since about 2012. */
export const DEFAULT_KEY_TYPE: KeyType = 'ec-p256';

export function parseKeyType(text: string): KeyType {
  const found = KEY_TYPES.find((type) => type === text.toLowerCase());
  if (found === undefined)
    throw new SslapiError('ERR_KEY_TYPE_UNKNOWN', `"${text}" is no type of key that sslapi makes`);
  return found;
}
