import { type DerReader, octetString, readOctetString } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** Tells the subject's keys apart, RFC 5280 §4.2.1.2. */
export function subjectKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  return { oid: OID.subjectKeyIdentifier, critical: false, value: octetString(keyIdentifier) };
}

export function readSubjectKeyIdentifier(reader: DerReader): Uint8Array {
  return readOctetString(reader);
}

export function subjectKeyIdentifierOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): Uint8Array | undefined {
  return decodeExtension(extensions, OID.subjectKeyIdentifier, readSubjectKeyIdentifier);
}
