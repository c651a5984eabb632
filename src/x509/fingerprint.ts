import { createHash } from 'node:crypto';
import { DerReader, readBitString, TAG } from './der.js';

/** SHA-256 of the whole certificate, lower-case hex: what people compare. */
export function fingerprint256(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex');
}

/** SHA-1 of the public key's bits: method (1) of RFC 5280 §4.2.1.2. It names a key and proves nothing. */
export function keyIdentifierOf(subjectPublicKeyInfo: Uint8Array): Uint8Array {
  const inside = new DerReader(subjectPublicKeyInfo).enter(TAG.sequence);
  inside.element(TAG.sequence);
  return createHash('sha1').update(readBitString(inside).bytes).digest();
}
