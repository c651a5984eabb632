import { element, explicit, implicit, integer, octetString, oid, sequence, setOf, TAG } from './der.js';
import { OID } from './oid.js';

/** Attributes of a SafeBag, RFC 7292 §4.2: what people call it, and what ties a key to its certificate. */
export interface BagAttributes {
  readonly friendlyName?: string;
  /** The same octets on a key and on its certificate. */
  readonly localKeyId?: Uint8Array;
}

/** SafeBag with an encoded certificate, RFC 7292 §4.2.3. */
export function certBag(certificate: Uint8Array, attributes: BagAttributes): Uint8Array {
  const value = sequence(oid(OID.x509Certificate), explicit(0, octetString(certificate)));
  return safeBag(OID.certBag, value, attributes);
}

/** SafeBag with an EncryptedPrivateKeyInfo, RFC 7292 §4.2.2. */
export function shroudedKeyBag(encryptedPrivateKeyInfo: Uint8Array, attributes: BagAttributes): Uint8Array {
  return safeBag(OID.pkcs8ShroudedKeyBag, encryptedPrivateKeyInfo, attributes);
}

/** ContentInfo of octets in clear, RFC 7292 §4.1. */
export function dataContent(content: Uint8Array): Uint8Array {
  return sequence(oid(OID.pkcs7Data), explicit(0, octetString(content)));
}

/** ContentInfo of octets that were encrypted by `algorithm`, an encoded AlgorithmIdentifier (RFC 2315 §13). */
export function encryptedContent(algorithm: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const info = sequence(oid(OID.pkcs7Data), algorithm, implicit(0, octetString(ciphertext)));
  return sequence(oid(OID.pkcs7EncryptedData), explicit(0, sequence(integer(0), info)));
}

/** MacData, RFC 7292 §4. */
export interface MacData {
  /** Encoded AlgorithmIdentifier of the digest. */
  readonly digestAlgorithm: Uint8Array;
  readonly mac: Uint8Array;
  readonly salt: Uint8Array;
  readonly rounds: number;
}

/** PFX: an AuthenticatedSafe (an encoded SEQUENCE OF ContentInfo) and what keeps it from being changed. */
export function pfx(
  authenticatedSafe: Uint8Array,
  { digestAlgorithm, mac, salt, rounds }: MacData,
): Uint8Array {
  const digestInfo = sequence(digestAlgorithm, octetString(mac));
  return sequence(
    integer(PFX_VERSION),
    dataContent(authenticatedSafe),
    sequence(digestInfo, octetString(salt), integer(rounds)),
  );
}

/** A text as BMPString has it: two octets a character, the high one first (RFC 7292 §B.1 asks so of passwords). */
export function bmpOctets(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16();
}

function safeBag(type: string, value: Uint8Array, { friendlyName, localKeyId }: BagAttributes): Uint8Array {
  const attributes: Uint8Array[] = [];
  if (friendlyName !== undefined)
    attributes.push(attribute(OID.friendlyName, element(TAG.bmpString, bmpOctets(friendlyName))));
  if (localKeyId !== undefined) attributes.push(attribute(OID.localKeyId, octetString(localKeyId)));
  const tail = attributes.length === 0 ? [] : [setOf(...attributes)];
  return sequence(oid(type), explicit(0, value), ...tail);
}

function attribute(type: string, value: Uint8Array): Uint8Array {
  return sequence(oid(type), setOf(value));
}

const PFX_VERSION = 3;
