import { type DerReader, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { encodeGeneralName, type GeneralName, readGeneralNames } from '../general-name.js';
import { OID } from '../oid.js';

/** The names that the certificate is for, RFC 5280 §4.2.1.6; critical only where the subject is empty. */
export function subjectAltName(names: readonly GeneralName[], critical = false): Extension {
  return { oid: OID.subjectAltName, critical, value: sequence(...names.map(encodeGeneralName)) };
}

export function readSubjectAltName(reader: DerReader): GeneralName[] {
  const inside = reader.enter(TAG.sequence);
  if (inside.done) throw inside.error('der-value-invalid', 'a subjectAltName without names');
  return readGeneralNames(inside);
}

export function subjectAltNameOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly GeneralName[] | undefined {
  return decodeExtension(extensions, OID.subjectAltName, readSubjectAltName);
}
