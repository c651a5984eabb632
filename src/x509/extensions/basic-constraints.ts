import { boolean, type DerReader, integer, readBoolean, readSmallInteger, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** Whether the subject is a CA, and how many CAs may follow below it, RFC 5280 §4.2.1.9. */
export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLenConstraint?: number;
}

export function basicConstraints({ ca, pathLenConstraint }: BasicConstraints): Extension {
  const parts = [
    ...(ca ? [boolean(true)] : []),
    ...(pathLenConstraint === undefined ? [] : [integer(pathLenConstraint)]),
  ];
  return { oid: OID.basicConstraints, critical: true, value: sequence(...parts) };
}

export function readBasicConstraints(reader: DerReader): BasicConstraints {
  const inside = reader.enter(TAG.sequence);
  let ca = false;
  if (inside.nextIs(TAG.boolean)) {
    ca = readBoolean(inside);
    if (!ca) throw inside.error('der-default-encoded', 'cA FALSE written out (X.690 §11.5)');
  }
  const pathLenConstraint = inside.done ? undefined : readSmallInteger(inside);
  inside.finish();
  return pathLenConstraint === undefined ? { ca } : { ca, pathLenConstraint };
}

export function basicConstraintsOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): BasicConstraints | undefined {
  return decodeExtension(extensions, OID.basicConstraints, readBasicConstraints);
}
