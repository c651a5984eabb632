import { type DerReader, generalizedTime, readTime, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** Since when the key is held to be compromised, RFC 5280 §5.3.2; always GeneralizedTime. */
export function invalidityDate(date: Date): Extension {
  return { oid: OID.invalidityDate, critical: false, value: generalizedTime(date) };
}

export function readInvalidityDate(reader: DerReader): Date {
  if (!reader.nextIs(TAG.generalizedTime))
    throw reader.error('der-unexpected-tag', 'an invalidityDate that is no GeneralizedTime');
  return readTime(reader);
}

export function invalidityDateOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): Date | undefined {
  return decodeExtension(extensions, OID.invalidityDate, readInvalidityDate);
}
