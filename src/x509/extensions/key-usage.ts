import { type DerReader, namedBits, readNamedBits } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** What the key may be used for, by the number of its bit, RFC 5280 §4.2.1.3. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;

export type KeyUsage = (typeof KEY_USAGES)[number];

export function keyUsage(usages: readonly KeyUsage[]): Extension {
  return {
    oid: OID.keyUsage,
    critical: true,
    value: namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage))),
  };
}

export function readKeyUsage(reader: DerReader): ReadonlySet<KeyUsage> {
  const bits = readNamedBits(reader);
  return new Set(KEY_USAGES.filter((_, bit) => bits.has(bit)));
}

export function keyUsageOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): ReadonlySet<KeyUsage> | undefined {
  return decodeExtension(extensions, OID.keyUsage, readKeyUsage);
}
