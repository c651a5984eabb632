import {
  boolean,
  DerReader,
  octetString,
  oid,
  readBoolean,
  readOctetString,
  readOid,
  sequence,
  TAG,
} from './der.js';

/** One extension as it stands in a certificate, request or CRL, RFC 5280 §4.1.2.9; decode it by its file in `extensions/`. */
export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** What the OCTET STRING holds: the DER of the extension itself. */
  readonly value: Uint8Array;
}

/** Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension. */
export function readExtensions(reader: DerReader): Extension[] {
  const list = reader.enter(TAG.sequence);
  const extensions: Extension[] = [];
  if (list.done) throw list.error('der-value-invalid', 'an empty list of extensions');
  while (!list.done) {
    extensions.push(readExtension(list.enter(TAG.sequence)));
    if (extensions.length > MAX_EXTENSIONS)
      throw list.error('too-large', `more than ${MAX_EXTENSIONS} extensions`);
  }
  return extensions;
}

export function encodeExtension({ oid: id, critical, value }: Extension): Uint8Array {
  return critical
    ? sequence(oid(id), boolean(true), octetString(value))
    : sequence(oid(id), octetString(value));
}

export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return sequence(...extensions.map(encodeExtension));
}

/** The extension of that object identifier, where it is present; the first where it stands twice. */
export function findExtension(extensions: readonly Extension[], id: string): Extension | undefined {
  return extensions.find((extension) => extension.oid === id);
}

/** Decodes the extension of that object identifier, or gives undefined where it is absent; what is left over throws. */
export function decodeExtension<T>(
  extensions: readonly Extension[],
  id: string,
  read: (reader: DerReader) => T,
): T | undefined {
  const extension = findExtension(extensions, id);
  return extension && decodeWhole(extension.value, read);
}

/** Reads one value that must fill the octets to the last. */
export function decodeWhole<T>(bytes: Uint8Array, read: (reader: DerReader) => T): T {
  const reader = new DerReader(bytes);
  const value = read(reader);
  reader.finish();
  return value;
}

function readExtension(reader: DerReader): Extension {
  const id = readOid(reader);
  let critical = false;
  if (reader.nextIs(TAG.boolean)) {
    critical = readBoolean(reader);
    if (!critical) throw reader.error('der-default-encoded', 'critical FALSE written out (X.690 §11.5)');
  }
  const value = readOctetString(reader);
  reader.finish();
  return { oid: id, critical, value };
}

const MAX_EXTENSIONS = 64;
