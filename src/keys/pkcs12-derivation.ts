import { createHash } from 'node:crypto';
import { bmpOctets } from '../x509/pkcs12-write.js';
import type { Passphrase } from './passphrase.js';

/** What the octets are for, RFC 7292 §B.3: each use has its own. */
export const PKCS12_USE = { key: 1, initialisationVector: 2, mac: 3 } as const;

/** What is derived from, beside the password. */
export interface Pkcs12Derivation {
  readonly digest: 'sha1' | 'sha256';
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly use: (typeof PKCS12_USE)[keyof typeof PKCS12_USE];
  /** How many octets are wanted. */
  readonly length: number;
}

/** PKCS#12's own way from a password to a key, RFC 7292 §B.2; for its MAC there is no other that all read. */
export function derivePkcs12(
  passphrase: Passphrase,
  { digest, salt, rounds, use, length }: Pkcs12Derivation,
): Uint8Array {
  const password = bmpOctets(`${Buffer.from(passphrase.reveal()).toString('utf8')}\0`);
  const diversifier = new Uint8Array(BLOCK_OCTETS).fill(use);
  const input = Buffer.concat([wholeBlocks(salt), wholeBlocks(password)]);
  const derived: Uint8Array[] = [];
  for (let octets = 0; octets < length; octets += derived.at(-1)!.length) {
    let hash = createHash(digest).update(diversifier).update(input).digest();
    for (let round = 1; round < rounds; round += 1) hash = createHash(digest).update(hash).digest();
    derived.push(hash);
    addToBlocks(input, wholeBlocks(hash, BLOCK_OCTETS));
  }
  return Buffer.concat(derived).subarray(0, length);
}

/** Octets over and over until they fill `length`: by default as many whole blocks as they begin. */
function wholeBlocks(
  octets: Uint8Array,
  length = Math.ceil(octets.length / BLOCK_OCTETS) * BLOCK_OCTETS,
): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => octets[at % octets.length]!);
}

/** Each block becomes its sum with `block` and 1, modulo 2^512. */
function addToBlocks(blocks: Uint8Array, block: Uint8Array): void {
  for (let start = 0; start < blocks.length; start += BLOCK_OCTETS) {
    let carry = 1;
    for (let at = BLOCK_OCTETS - 1; at >= 0; at -= 1) {
      const sum = blocks[start + at]! + block[at]! + carry;
      blocks[start + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}

/** What SHA-1 and SHA-256 take at a time. */
const BLOCK_OCTETS = 64;
