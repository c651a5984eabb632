import { type DerReader, integer, readInteger } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** Ever growing number of a CA's CRLs, RFC 5280 §5.2.3. */
export function crlNumber(number: bigint): Extension {
  return { oid: OID.cRLNumber, critical: false, value: integer(number) };
}

export function readCrlNumber(reader: DerReader): bigint {
  return readInteger(reader);
}

export function crlNumberOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): bigint | undefined {
  return decodeExtension(extensions, OID.cRLNumber, readCrlNumber);
}
