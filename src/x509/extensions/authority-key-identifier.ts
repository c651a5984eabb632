import {
  contextTag,
  type DerReader,
  implicit,
  octetString,
  readIntegerOctets,
  sequence,
  TAG,
} from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { type GeneralName, readGeneralNames } from '../general-name.js';
import { OID } from '../oid.js';

/** Which key of the issuer signed, RFC 5280 §4.2.1.1. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier?: Uint8Array;
  readonly authorityCertIssuer?: readonly GeneralName[];
  /** The serial number's INTEGER contents. */
  readonly authorityCertSerialNumber?: Uint8Array;
}

export function authorityKeyIdentifier(keyIdentifier: Uint8Array): Extension {
  return {
    oid: OID.authorityKeyIdentifier,
    critical: false,
    value: sequence(implicit(0, octetString(keyIdentifier))),
  };
}

export function readAuthorityKeyIdentifier(reader: DerReader): AuthorityKeyIdentifier {
  const inside = reader.enter(TAG.sequence);
  const keyIdentifier = inside.nextIs(contextTag(0, false))
    ? inside.contents(contextTag(0, false))
    : undefined;
  const issuer = inside.nextIs(contextTag(1, true))
    ? readGeneralNames(inside.enter(contextTag(1, true)))
    : undefined;
  const serial = inside.nextIs(contextTag(2, false))
    ? readIntegerOctets(inside, contextTag(2, false))
    : undefined;
  inside.finish();
  return {
    ...(keyIdentifier && { keyIdentifier }),
    ...(issuer && { authorityCertIssuer: issuer }),
    ...(serial && { authorityCertSerialNumber: serial }),
  };
}

export function authorityKeyIdentifierOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): AuthorityKeyIdentifier | undefined {
  return decodeExtension(extensions, OID.authorityKeyIdentifier, readAuthorityKeyIdentifier);
}
