import { DecodeError } from './byte-reader.js';
import { hkdfExpandLabel, type ScheduleHash } from './key-schedule.js';
import { CONTENT_TYPE, record, type TlsRecord } from './record.js';
import { type AeadAlgorithm, aeadOpen, aeadSeal, recordNonce } from './record-protection.js';
import { concat, uint8, uint16 } from './vector.js';

/** Protects the records of one direction; each knows its sequence number. */
export interface RecordProtection {
  /** A whole record, header included. */
  seal(type: number, content: Uint8Array): Uint8Array;
  /** The content under its true type; what is not authentic is a DecodeError. */
  open(received: TlsRecord): TlsRecord;
}

/** Record protection of TLS 1.3, RFC 8446 §5.2, under the keys of one traffic secret (§7.3). */
export function recordProtection13(
  aead: AeadAlgorithm,
  hash: ScheduleHash,
  trafficSecret: Uint8Array,
): RecordProtection {
  const key = hkdfExpandLabel(hash, trafficSecret, 'key', new Uint8Array(), aead.keyBytes);
  const iv = hkdfExpandLabel(hash, trafficSecret, 'iv', new Uint8Array(), IV_BYTES);
  let sequenceNumber = 0n;
  const nextNonce = (): Uint8Array => recordNonce(iv, sequenceNumber++);
  return {
    seal: (type, content) => {
      const inner = concat(content, uint8(type));
      const header = recordHeader(inner.length + aead.tagBytes);
      const sealed = aeadSeal(aead, key, nextNonce(), inner, header);
      return record(CONTENT_TYPE.applicationData, LEGACY_VERSION, sealed);
    },
    open: (received) => {
      if (isPlain(received)) return received;
      const { fragment } = received;
      return innerPlaintext(aeadOpen(aead, key, nextNonce(), fragment, recordHeader(fragment.length)));
    },
  };
}

/** change_cipher_spec is never encrypted (RFC 8446 §5), nor is the alert of a peer that has no keys yet. */
function isPlain({ type }: TlsRecord): boolean {
  if (type === CONTENT_TYPE.changeCipherSpec || type === CONTENT_TYPE.alert) return true;
  if (type !== CONTENT_TYPE.applicationData)
    throw new DecodeError(`record of type ${type} that is not encrypted`);
  return false;
}

/** Takes the padding off a TLSInnerPlaintext and finds its type, RFC 8446 §5.4. */
function innerPlaintext(inner: Uint8Array): TlsRecord {
  const last = inner.findLastIndex((octet) => octet !== 0);
  if (last === -1) throw new DecodeError('encrypted record without a content type');
  return { type: inner[last]!, version: LEGACY_VERSION, fragment: inner.subarray(0, last) };
}

function recordHeader(length: number): Uint8Array {
  return concat(uint8(CONTENT_TYPE.applicationData), uint16(LEGACY_VERSION), uint16(length));
}

const IV_BYTES = 12;
const LEGACY_VERSION = 0x0303;
