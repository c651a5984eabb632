import { type DerReader, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { encodeGeneralName, type GeneralName, readGeneralNames } from '../general-name.js';
import { OID } from '../oid.js';

/** Who issued the certificate of this entry and those after it, in an indirect CRL, RFC 5280 §5.3.3. */
export function certificateIssuer(names: readonly GeneralName[]): Extension {
  return { oid: OID.certificateIssuer, critical: true, value: sequence(...names.map(encodeGeneralName)) };
}

export function readCertificateIssuer(reader: DerReader): GeneralName[] {
  const inside = reader.enter(TAG.sequence);
  if (inside.done) throw inside.error('der-value-invalid', 'a certificateIssuer without names');
  return readGeneralNames(inside);
}

export function certificateIssuerOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly GeneralName[] | undefined {
  return decodeExtension(extensions, OID.certificateIssuer, readCertificateIssuer);
}
