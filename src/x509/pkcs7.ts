import {
  contextTag,
  DerReader,
  element,
  explicit,
  integer,
  oid,
  readOid,
  sequence,
  setOf,
  TAG,
} from './der.js';
import { OID } from './oid.js';

/** What a PKCS#7 SignedData carries beside any signature: a bag of certificates and CRLs, RFC 5652 §5.1 and §10.2. */
export interface Pkcs7Contents {
  readonly certificates: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

/** Reads the certificates and CRLs of a PKCS#7 file (.p7b, .p7c); its signatures are not looked at. Throws DerError. */
export function readPkcs7(der: Uint8Array): Pkcs7Contents {
  const contentInfo = new DerReader(der).enter(TAG.sequence);
  const contentType = readOid(contentInfo);
  if (contentType !== OID.pkcs7SignedData) {
    throw contentInfo.error('der-value-invalid', `PKCS#7 of type ${contentType}, which is no SignedData`);
  }
  const signedData = contentInfo.enter(contextTag(0, true)).enter(TAG.sequence);
  signedData.element(TAG.integer);
  signedData.element(TAG.set);
  signedData.element(TAG.sequence);
  return { certificates: elementsUnder(signedData, 0), crls: elementsUnder(signedData, 1) };
}

/** Writes certificates as a PKCS#7 file without a signature, in the order given: SignedData of nobody (RFC 2315 §9.1).
 *  A SET OF would be sorted by DER; readers keep the order they find, and nobody else sorts either. */
export function encodePkcs7(certificates: readonly Uint8Array[]): Uint8Array {
  const signedData = sequence(
    integer(1),
    setOf(),
    sequence(oid(OID.pkcs7Data)),
    element(contextTag(0, true), ...certificates),
    setOf(),
  );
  return sequence(oid(OID.pkcs7SignedData), explicit(0, signedData));
}

/** The members of the [n] IMPLICIT SET OF that may stand here; only plain ones, which are SEQUENCEs. */
function elementsUnder(reader: DerReader, number: number): Uint8Array[] {
  if (!reader.nextIs(contextTag(number, true))) return [];
  const set = reader.enter(contextTag(number, true));
  const members: Uint8Array[] = [];
  while (!set.done) {
    const plain = set.nextIs(TAG.sequence);
    const member = set.element();
    if (plain) members.push(member);
  }
  return members;
}
