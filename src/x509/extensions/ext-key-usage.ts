import { type DerReader, oid, readOid, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** For which purposes the key may be used, as object identifiers, RFC 5280 §4.2.1.12. */
export function extKeyUsage(purposes: readonly string[]): Extension {
  return { oid: OID.extKeyUsage, critical: false, value: sequence(...purposes.map(oid)) };
}

export function readExtKeyUsage(reader: DerReader): readonly string[] {
  const inside = reader.enter(TAG.sequence);
  const purposes: string[] = [];
  while (!inside.done) purposes.push(readOid(inside));
  if (purposes.length === 0) throw inside.error('der-value-invalid', 'an extKeyUsage without purposes');
  return purposes;
}

export function extKeyUsageOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly string[] | undefined {
  return decodeExtension(extensions, OID.extKeyUsage, readExtKeyUsage);
}
