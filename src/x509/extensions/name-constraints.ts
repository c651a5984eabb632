import { contextTag, type DerReader, element, readSmallInteger, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { encodeGeneralName, type GeneralName, readGeneralName } from '../general-name.js';
import { OID } from '../oid.js';

/** Which names a CA's subjects may and may not have, RFC 5280 §4.2.1.10. IP bases are address and mask, 8 or 32 octets. */
export interface NameConstraints {
  readonly permittedSubtrees: readonly GeneralName[];
  readonly excludedSubtrees: readonly GeneralName[];
}

export function nameConstraints({ permittedSubtrees, excludedSubtrees }: NameConstraints): Extension {
  const value = sequence(...subtrees(0, permittedSubtrees), ...subtrees(1, excludedSubtrees));
  return { oid: OID.nameConstraints, critical: true, value };
}

export function readNameConstraints(reader: DerReader): NameConstraints {
  const inside = reader.enter(TAG.sequence);
  if (inside.done) throw inside.error('der-value-invalid', 'empty nameConstraints');
  const permittedSubtrees = inside.nextIs(contextTag(0, true))
    ? readSubtrees(inside.enter(contextTag(0, true)))
    : [];
  const excludedSubtrees = inside.nextIs(contextTag(1, true))
    ? readSubtrees(inside.enter(contextTag(1, true)))
    : [];
  inside.finish();
  return { permittedSubtrees, excludedSubtrees };
}

export function nameConstraintsOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): NameConstraints | undefined {
  return decodeExtension(extensions, OID.nameConstraints, readNameConstraints);
}

function subtrees(number: number, bases: readonly GeneralName[]): Uint8Array[] {
  return bases.length === 0
    ? []
    : [element(contextTag(number, true), ...bases.map((base) => sequence(encodeGeneralName(base))))];
}

/** GeneralSubtrees; minimum must be 0 and so absent, maximum absent (RFC 5280 §4.2.1.10). */
function readSubtrees(reader: DerReader): GeneralName[] {
  const bases: GeneralName[] = [];
  if (reader.done) throw reader.error('der-value-invalid', 'nameConstraints with an empty list');
  while (!reader.done) {
    const subtree = reader.enter(TAG.sequence);
    bases.push(readGeneralName(subtree));
    if (subtree.nextIs(contextTag(0, false)) && readSmallInteger(subtree, contextTag(0, false)) === 0) {
      throw subtree.error('der-default-encoded', 'minimum 0 written out (X.690 §11.5)');
    }
    if (!subtree.done) throw subtree.error('der-value-invalid', 'a subtree with minimum or maximum');
  }
  return bases;
}
