import { DecodeError } from './byte-reader.js';
import type { WriteKeys } from './key-schedule-12.js';
import { record } from './record.js';
import { type AeadAlgorithm, aeadOpen, aeadSeal, recordNonce } from './record-protection.js';
import type { RecordProtection } from './record-protection-13.js';
import { concat, uint8, uint16 } from './vector.js';

/** Octets of the write IV: GCM and CCM send the rest of each nonce along (RFC 5288 §3, RFC 6655 §3),
 *  ChaCha20-Poly1305 XORs the sequence number into it as TLS 1.3 does (RFC 7905 §2). */
export function writeIvBytes({ cipher }: AeadAlgorithm): number {
  return cipher === CHACHA20 ? 12 : 4;
}

/** Record protection of an AEAD suite of TLS 1.2, RFC 5246 §6.2.3.3. */
export function recordProtection12(aead: AeadAlgorithm, { key, iv }: WriteKeys): RecordProtection {
  const explicitBytes = aead.cipher === CHACHA20 ? 0 : EXPLICIT_NONCE_BYTES;
  let sequenceNumber = 0n;
  const nonceOf = (explicit: Uint8Array): Uint8Array =>
    explicitBytes === 0 ? recordNonce(iv, sequenceNumber) : concat(iv, explicit);
  return {
    seal: (type, content) => {
      const explicit = uint64(sequenceNumber).subarray(8 - explicitBytes);
      const additional = additionalData(sequenceNumber, type, content.length);
      const sealed = aeadSeal(aead, key, nonceOf(explicit), content, additional);
      sequenceNumber += 1n;
      return record(type, VERSION, concat(explicit, sealed));
    },
    open: ({ type, fragment }) => {
      const length = fragment.length - explicitBytes - aead.tagBytes;
      if (length < 0) throw new DecodeError('encrypted record shorter than its nonce and tag');
      const nonce = nonceOf(fragment.subarray(0, explicitBytes));
      const additional = additionalData(sequenceNumber, type, length);
      const content = aeadOpen(aead, key, nonce, fragment.subarray(explicitBytes), additional);
      sequenceNumber += 1n;
      return { type, version: VERSION, fragment: content };
    },
  };
}

function additionalData(sequenceNumber: bigint, type: number, length: number): Uint8Array {
  return concat(uint64(sequenceNumber), uint8(type), uint16(VERSION), uint16(length));
}

function uint64(value: bigint): Uint8Array {
  const octets = Buffer.alloc(8);
  octets.writeBigUInt64BE(value);
  return octets;
}

const CHACHA20 = 'chacha20-poly1305';
const EXPLICIT_NONCE_BYTES = 8;
const VERSION = 0x0303;
