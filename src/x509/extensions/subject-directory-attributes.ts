import { type DerReader, readOid, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** One attribute of a directory entry; the values stay encoded. */
export interface DirectoryAttribute {
  readonly type: string;
  readonly values: readonly Uint8Array[];
}

/** Attributes of the subject such as nationality, RFC 5280 §4.2.1.8. */
export function readSubjectDirectoryAttributes(reader: DerReader): DirectoryAttribute[] {
  const inside = reader.enter(TAG.sequence);
  const attributes: DirectoryAttribute[] = [];
  if (inside.done) throw inside.error('der-value-invalid', 'subjectDirectoryAttributes without an attribute');
  while (!inside.done) {
    const attribute = inside.enter(TAG.sequence);
    attributes.push({ type: readOid(attribute), values: readValues(attribute.enter(TAG.set)) });
    attribute.finish();
  }
  return attributes;
}

export function subjectDirectoryAttributesOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly DirectoryAttribute[] | undefined {
  return decodeExtension(extensions, OID.subjectDirectoryAttributes, readSubjectDirectoryAttributes);
}

function readValues(set: DerReader): Uint8Array[] {
  const values: Uint8Array[] = [];
  if (set.done) throw set.error('der-value-invalid', 'an attribute without a value');
  while (!set.done) values.push(set.element());
  return values;
}
