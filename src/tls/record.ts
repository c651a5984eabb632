import { ByteReader, DecodeError } from './byte-reader.js';
import { concat, uint8, uint16, vector16 } from './vector.js';

/** ContentType, RFC 8446 §5.1; heartbeat is RFC 6520's. */
export const CONTENT_TYPE = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

/** A TLSPlaintext or TLSCiphertext, RFC 8446 §5.1 and §5.2. */
export interface TlsRecord {
  readonly type: number;
  /** legacy_record_version */
  readonly version: number;
  readonly fragment: Uint8Array;
}

/** Octets of a record's header. */
export const RECORD_HEADER_BYTES = 5;

/** Writes one record. */
export function record(type: number, version: number, fragment: Uint8Array): Uint8Array {
  return concat(uint8(type), uint16(version), vector16(fragment));
}

/** Writes as many records as a message needs.
 *  @param fragmentBytes octets of it in each record, 1 to 16,384 */
export function records(
  type: number,
  version: number,
  message: Uint8Array,
  fragmentBytes = MAX_PLAINTEXT,
): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < message.length; start += fragmentBytes) {
    parts.push(record(type, version, message.subarray(start, start + fragmentBytes)));
  }
  return concat(...parts);
}

/** Reads a header and says how long the fragment is, in octets.
 *  A type that is none, a major version other than 3 and a length beyond every RFC's limit are DecodeErrors,
 *  so that nothing is buffered for a peer that does not speak TLS. */
export function readRecordHeader(header: Uint8Array): { type: number; version: number; length: number } {
  const reader = new ByteReader(header, 'record header');
  const type = reader.uint8();
  const version = reader.uint16();
  const length = reader.uint16();
  if (!startsRecord(header))
    throw new DecodeError(`record of type ${type} and version 0x${version.toString(16)}`);
  if (length > MAX_CIPHERTEXT) throw new DecodeError(`record of ${length} octets`);
  return { type, version, length };
}

/** Whether these octets, of which there may be fewer than five, can begin a record. */
export function startsRecord(bytes: Uint8Array): boolean {
  const [type = CONTENT_TYPE.handshake, major = 3] = bytes;
  return type >= CONTENT_TYPE.changeCipherSpec && type <= CONTENT_TYPE.heartbeat && major === 3;
}

/** RFC 8446 §5.1 */
const MAX_PLAINTEXT = 16_384;
/** RFC 5246 §6.2.3 allows 2,048 octets of expansion, RFC 8446 §5.2 only 256. */
const MAX_CIPHERTEXT = MAX_PLAINTEXT + 2_048;
