import { DerReader, nullValue, oid, readOid, sequence, TAG } from './der.js';

/** AlgorithmIdentifier, RFC 5280 §4.1.1.2; `parameters` is the encoded element, or null where it is absent. */
export interface AlgorithmIdentifier {
  readonly der: Uint8Array;
  readonly algorithm: string;
  readonly parameters: Uint8Array | null;
}

export function readAlgorithmIdentifier(reader: DerReader): AlgorithmIdentifier {
  const der = reader.element(TAG.sequence);
  const inside = new DerReader(der).enter(TAG.sequence);
  const algorithm = readOid(inside);
  const parameters = inside.done ? null : inside.element();
  inside.finish();
  return { der, algorithm, parameters };
}

/** Encodes an AlgorithmIdentifier; 'null' writes the NULL that RSA's want (RFC 4055 §5), 'absent' nothing. */
export function algorithmIdentifier(
  algorithm: string,
  parameters: Uint8Array | 'null' | 'absent',
): Uint8Array {
  if (parameters === 'absent') return sequence(oid(algorithm));
  return sequence(oid(algorithm), parameters === 'null' ? nullValue() : parameters);
}
