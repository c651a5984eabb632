import { type DerReader, oid, readOid, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { encodeGeneralName, type GeneralName, readGeneralName } from '../general-name.js';
import { OID } from '../oid.js';

/** Where to find what the issuer offers: its certificate, its OCSP responder, RFC 5280 §4.2.2.1. */
export interface AccessDescription {
  readonly accessMethod: string;
  readonly accessLocation: GeneralName;
}

export function authorityInfoAccess(descriptions: readonly AccessDescription[]): Extension {
  const parts = descriptions.map(({ accessMethod, accessLocation }) =>
    sequence(oid(accessMethod), encodeGeneralName(accessLocation)),
  );
  return { oid: OID.authorityInfoAccess, critical: false, value: sequence(...parts) };
}

export function readAuthorityInfoAccess(reader: DerReader): AccessDescription[] {
  const inside = reader.enter(TAG.sequence);
  const descriptions: AccessDescription[] = [];
  while (!inside.done) {
    const one = inside.enter(TAG.sequence);
    descriptions.push({ accessMethod: readOid(one), accessLocation: readGeneralName(one) });
    one.finish();
  }
  if (descriptions.length === 0)
    throw inside.error('der-value-invalid', 'an access extension without descriptions');
  return descriptions;
}

export function authorityInfoAccessOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly AccessDescription[] | undefined {
  return decodeExtension(extensions, OID.authorityInfoAccess, readAuthorityInfoAccess);
}
