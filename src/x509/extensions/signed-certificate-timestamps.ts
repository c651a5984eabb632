import { type DerReader, readOctetString } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** Promises of Certificate Transparency logs, RFC 6962 §3.3: the serialized timestamps, each as its octets. */
export function readSignedCertificateTimestamps(reader: DerReader): Uint8Array[] {
  const list = readOctetString(reader);
  if (list.length < 2 || uint16(list, 0) !== list.length - 2) throw broken(reader);
  const timestamps: Uint8Array[] = [];
  let at = 2;
  while (at < list.length) {
    const length = at + 2 <= list.length ? uint16(list, at) : 0;
    if (length === 0 || at + 2 + length > list.length) throw broken(reader);
    timestamps.push(list.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (timestamps.length === 0) throw broken(reader);
  return timestamps;
}

export function signedCertificateTimestampsOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly Uint8Array[] | undefined {
  return decodeExtension(extensions, OID.signedCertificateTimestamps, readSignedCertificateTimestamps);
}

function uint16(bytes: Uint8Array, at: number): number {
  return bytes[at]! * 256 + bytes[at + 1]!;
}

function broken(reader: DerReader): Error {
  return reader.error('der-value-invalid', 'a list of certificate timestamps whose lengths do not add up');
}
