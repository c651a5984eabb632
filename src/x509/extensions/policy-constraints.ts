import { contextTag, type DerReader, integer, readSmallInteger, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** After how many more certificates a policy is required, or mapping forbidden, RFC 5280 §4.2.1.11. */
export interface PolicyConstraints {
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
}

export function policyConstraints(
  { requireExplicitPolicy, inhibitPolicyMapping }: PolicyConstraints,
  critical = true,
): Extension {
  const parts = [
    ...(requireExplicitPolicy === undefined ? [] : [integer(requireExplicitPolicy, contextTag(0, false))]),
    ...(inhibitPolicyMapping === undefined ? [] : [integer(inhibitPolicyMapping, contextTag(1, false))]),
  ];
  return { oid: OID.policyConstraints, critical, value: sequence(...parts) };
}

export function readPolicyConstraints(reader: DerReader): PolicyConstraints {
  const inside = reader.enter(TAG.sequence);
  if (inside.done) throw inside.error('der-value-invalid', 'empty policyConstraints');
  const requireExplicitPolicy = readSkip(inside, 0);
  const inhibitPolicyMapping = readSkip(inside, 1);
  inside.finish();
  return {
    ...(requireExplicitPolicy !== undefined && { requireExplicitPolicy }),
    ...(inhibitPolicyMapping !== undefined && { inhibitPolicyMapping }),
  };
}

export function policyConstraintsOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): PolicyConstraints | undefined {
  return decodeExtension(extensions, OID.policyConstraints, readPolicyConstraints);
}

function readSkip(reader: DerReader, number: number): number | undefined {
  const tag = contextTag(number, false);
  return reader.nextIs(tag) ? readSmallInteger(reader, tag) : undefined;
}
