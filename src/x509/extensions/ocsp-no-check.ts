import { type DerReader, nullValue, readNull } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** That nobody need ask whether this OCSP responder's certificate is revoked, RFC 6960 §4.2.2.2.1. */
export function ocspNoCheck(): Extension {
  return { oid: OID.ocspNoCheck, critical: false, value: nullValue() };
}

/** True where the extension is present; its value is NULL and says nothing. */
export function hasOcspNoCheck({ extensions }: { readonly extensions: readonly Extension[] }): boolean {
  return decodeExtension(extensions, OID.ocspNoCheck, readPresence) ?? false;
}

function readPresence(reader: DerReader): true {
  readNull(reader);
  return true;
}
