import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.js';
import { bitString, DerReader, readBitString, sequence, TAG } from './der.js';

/** What a certificate, a CRL and a request are alike in: SIGNED of RFC 5912 §2. */
export interface Signed {
  /** The octets that the signature covers. */
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signatureValue: Uint8Array;
}

/** Reads a signed whole that fills the octets to the last, and hands on a reader inside of the part that is signed.
 *  Throws DerError. */
export function parseSigned(der: Uint8Array): Signed & { readonly inside: DerReader } {
  const outer = new DerReader(der);
  const reader = outer.enter(TAG.sequence);
  outer.finish();
  const signed = readSigned(reader);
  reader.finish();
  return { ...signed, inside: new DerReader(signed.tbs).enter(TAG.sequence) };
}

/** The three parts, where more may follow. Throws DerError. */
export function readSigned(reader: DerReader): Signed {
  const tbs = reader.element(TAG.sequence);
  const signatureAlgorithm = readAlgorithmIdentifier(reader);
  const { bytes, unusedBits } = readBitString(reader);
  if (unusedBits !== 0) throw reader.error('der-bit-string-invalid', 'a signature that is not whole octets');
  return { tbs, signatureAlgorithm, signatureValue: bytes };
}

/** The signed whole of a certificate, request or CRL: the part signed, the algorithm, the signature. */
export function encodeSigned(
  tbs: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  return sequence(tbs, signatureAlgorithm, bitString(signature));
}
