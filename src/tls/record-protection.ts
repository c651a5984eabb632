import { type CipherGCMTypes, createCipheriv, createDecipheriv } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import type { CipherSuite } from './cipher-suite.js';

/** An AEAD algorithm as TLS uses it, RFC 5116. */
export interface AeadAlgorithm {
  /** node:crypto's name of it. */
  readonly cipher: string;
  readonly keyBytes: number;
  readonly tagBytes: number;
}

/** The AEAD of a suite; null for a suite whose records we can't protect: CBC, RC4, ARIA, AEGIS and so on. */
export function aeadOf({ encryption }: CipherSuite): AeadAlgorithm | null {
  return AEADS[encryption] ?? null;
}

/** Encrypts and appends the tag. */
export function aeadSeal(
  { cipher, tagBytes }: AeadAlgorithm,
  key: Uint8Array,
  nonce: Uint8Array,
  plaintext: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array {
  const encryption = createCipheriv(cipher as CipherGCMTypes, key, nonce, { authTagLength: tagBytes });
  encryption.setAAD(additionalData, { plaintextLength: plaintext.length });
  const ciphertext = encryption.update(plaintext);
  return Buffer.concat([ciphertext, encryption.final(), encryption.getAuthTag()]);
}

/** Decrypts what ends with its tag; anything that is not authentic is a DecodeError. */
export function aeadOpen(
  { cipher, tagBytes }: AeadAlgorithm,
  key: Uint8Array,
  nonce: Uint8Array,
  sealed: Uint8Array,
  additionalData: Uint8Array,
): Uint8Array {
  if (sealed.length < tagBytes) throw new DecodeError('encrypted record shorter than its tag');
  const ciphertext = sealed.subarray(0, sealed.length - tagBytes);
  const decryption = createDecipheriv(cipher as CipherGCMTypes, key, nonce, { authTagLength: tagBytes });
  decryption.setAAD(additionalData, { plaintextLength: ciphertext.length });
  decryption.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decryption.update(ciphertext), decryption.final()]);
  } catch {
    throw new DecodeError('record that does not decrypt');
  }
}

/** The nonce of a record, RFC 8446 §5.3: the sequence number, padded to the left, XORed with the write IV. */
export function recordNonce(iv: Uint8Array, sequenceNumber: bigint): Uint8Array {
  const nonce = Buffer.from(iv);
  const low = nonce.readBigUInt64BE(nonce.length - 8);
  nonce.writeBigUInt64BE(low ^ sequenceNumber, nonce.length - 8);
  return nonce;
}

const AEADS: Readonly<Record<string, AeadAlgorithm>> = {
  AES_128_GCM: { cipher: 'aes-128-gcm', keyBytes: 16, tagBytes: 16 },
  AES_256_GCM: { cipher: 'aes-256-gcm', keyBytes: 32, tagBytes: 16 },
  AES_128_CCM: { cipher: 'aes-128-ccm', keyBytes: 16, tagBytes: 16 },
  AES_256_CCM: { cipher: 'aes-256-ccm', keyBytes: 32, tagBytes: 16 },
  AES_128_CCM_8: { cipher: 'aes-128-ccm', keyBytes: 16, tagBytes: 8 },
  AES_256_CCM_8: { cipher: 'aes-256-ccm', keyBytes: 32, tagBytes: 8 },
  CHACHA20_POLY1305: { cipher: 'chacha20-poly1305', keyBytes: 32, tagBytes: 16 },
};
