import { sequence } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { encodeGeneralName, type GeneralName } from '../general-name.js';
import { OID } from '../oid.js';
import { readSubjectAltName } from './subject-alt-name.js';

/** Further names of the issuer, RFC 5280 §4.2.1.7: the syntax of subjectAltName. */
export function issuerAltName(names: readonly GeneralName[]): Extension {
  return { oid: OID.issuerAltName, critical: false, value: sequence(...names.map(encodeGeneralName)) };
}

export function issuerAltNameOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly GeneralName[] | undefined {
  return decodeExtension(extensions, OID.issuerAltName, readSubjectAltName);
}
