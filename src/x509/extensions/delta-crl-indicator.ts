import { type DerReader, integer, readInteger } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** That a CRL holds only what changed since the CRL of this number, RFC 5280 §5.2.4. */
export function deltaCrlIndicator(baseCrlNumber: bigint, critical = true): Extension {
  return { oid: OID.deltaCRLIndicator, critical, value: integer(baseCrlNumber) };
}

export function readDeltaCrlIndicator(reader: DerReader): bigint {
  return readInteger(reader);
}

export function deltaCrlIndicatorOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): bigint | undefined {
  return decodeExtension(extensions, OID.deltaCRLIndicator, readDeltaCrlIndicator);
}
