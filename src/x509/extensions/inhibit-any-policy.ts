import { type DerReader, integer, readSmallInteger } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** After how many more certificates anyPolicy counts no longer, RFC 5280 §4.2.1.14. */
export function inhibitAnyPolicy(skipCerts: number, critical = true): Extension {
  return { oid: OID.inhibitAnyPolicy, critical, value: integer(skipCerts) };
}

export function readInhibitAnyPolicy(reader: DerReader): number {
  return readSmallInteger(reader);
}

export function inhibitAnyPolicyOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): number | undefined {
  return decodeExtension(extensions, OID.inhibitAnyPolicy, readInhibitAnyPolicy);
}
