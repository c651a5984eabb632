import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';
import { type AccessDescription, readAuthorityInfoAccess } from './authority-info-access.js';

/** What the subject offers and where, RFC 5280 §4.2.2.2: the syntax of authorityInfoAccess. */
export function subjectInfoAccessOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly AccessDescription[] | undefined {
  return decodeExtension(extensions, OID.subjectInfoAccess, readAuthorityInfoAccess);
}
