import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { SslapiError } from '../errors.js';
import { DerReader, TAG } from '../x509/der.js';
import { encodePem, type PemBlock } from '../x509/pem.js';
import type { Passphrase } from './passphrase.js';
import { decryptPkcs8, encryptPkcs8 } from './pkcs8.js';

/** A private key as it was found: still closed where it is encrypted. */
export interface PrivateKeyFile {
  readonly der: Uint8Array;
  readonly encoding: 'pkcs8' | 'pkcs1' | 'sec1' | 'pkcs8-encrypted' | 'pem-encrypted';
  /** The PEM as it stood, for the encodings that only PEM has. */
  readonly pem?: string;
}

/** Tells what kind of private key a PEM block holds, or null where it holds none. */
export function privateKeyOfPem({ label, der, headers }: PemBlock): PrivateKeyFile | null {
  const encoding = LABELS.get(label);
  if (encoding === undefined) return null;
  if (!headers.includes('ENCRYPTED')) return { der, encoding };
  const pem = encodePem(label, der).replace('-----\n', `-----\n${headers}\n\n`);
  return { der, encoding: 'pem-encrypted', pem };
}

/** Tells whether DER is a private key, and of which kind, or null where it is none. */
export function privateKeyOfDer(der: Uint8Array): PrivateKeyFile | null {
  try {
    const inside = new DerReader(der).enter(TAG.sequence);
    if (inside.nextIs(TAG.sequence)) {
      inside.element();
      return inside.nextIs(TAG.octetString) ? { der, encoding: 'pkcs8-encrypted' } : null;
    }
    if (!inside.nextIs(TAG.integer)) return null;
    inside.element();
    if (inside.nextIs(TAG.sequence)) return { der, encoding: 'pkcs8' };
    if (inside.nextIs(TAG.octetString)) return { der, encoding: 'sec1' };
    return inside.nextIs(TAG.integer) ? { der, encoding: 'pkcs1' } : null;
  } catch {
    return null;
  }
}

export function isEncrypted({ encoding }: PrivateKeyFile): boolean {
  return encoding === 'pkcs8-encrypted' || encoding === 'pem-encrypted';
}

/** Opens a private key. @throws SslapiError ERR_PASSWORD_WRONG or ERR_KEY_UNREADABLE */
export async function openPrivateKey(file: PrivateKeyFile, passphrase?: Passphrase): Promise<KeyObject> {
  switch (file.encoding) {
    case 'pkcs8':
    case 'pkcs1':
    case 'sec1':
      return load({ key: Buffer.from(file.der), format: 'der', type: file.encoding });
    case 'pkcs8-encrypted': {
      const secret = needed(passphrase);
      const pkcs8 = await decryptPkcs8(file.der, secret);
      if (pkcs8 !== null) return load({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
      return load({
        key: Buffer.from(file.der),
        format: 'der',
        type: 'pkcs8',
        passphrase: Buffer.from(secret.reveal()),
      });
    }
    case 'pem-encrypted':
      return load({
        key: file.pem ?? '',
        format: 'pem',
        passphrase: Buffer.from(needed(passphrase).reveal()),
      });
  }
}

/** The encoded SubjectPublicKeyInfo that belongs to a private key. */
export function subjectPublicKeyInfoOf(key: KeyObject): Uint8Array {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

/** The key as PKCS#8 PEM, encrypted where there is a password. */
export async function privateKeyPem(key: KeyObject, passphrase: Passphrase | null): Promise<string> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return passphrase === null
    ? encodePem('PRIVATE KEY', pkcs8)
    : encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(pkcs8, passphrase));
}

function needed(passphrase: Passphrase | undefined): Passphrase {
  if (passphrase === undefined) throw new SslapiError('ERR_PASSWORD_NEEDED', 'the key is encrypted');
  return passphrase;
}

function load(input: Parameters<typeof createPrivateKey>[0]): KeyObject {
  try {
    return createPrivateKey(input);
  } catch (cause) {
    if (isUnsupported(cause)) throw ofOld(cause);
    const wrong = typeof input === 'object' && 'passphrase' in input;
    throw wrong
      ? new SslapiError('ERR_PASSWORD_WRONG', 'the password does not open the key', { cause })
      : new SslapiError('ERR_KEY_UNREADABLE', 'the private key cannot be read', { cause });
  }
}

/** Whether a key stayed closed for its cipher, whatever the password. */
export function isOfOldCipher({ cause }: SslapiError): boolean {
  return isUnsupported(cause);
}

function isUnsupported(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_OSSL_EVP_UNSUPPORTED';
}

/** No password would open it, so none is called wrong. */
function ofOld(cause: unknown): SslapiError {
  return new SslapiError(
    'ERR_KEY_UNREADABLE',
    'the key is encrypted by a cipher of old (DES, RC2), which OpenSSL 3 leaves out',
    {
      hint: '`openssl pkcs8 -provider legacy -provider default -in FILE -topk8 -out NEW` encrypts it anew.',
      cause,
    },
  );
}

const LABELS: ReadonlyMap<string, PrivateKeyFile['encoding']> = new Map([
  ['PRIVATE KEY', 'pkcs8'],
  ['ENCRYPTED PRIVATE KEY', 'pkcs8-encrypted'],
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['EC PRIVATE KEY', 'sec1'],
]);
