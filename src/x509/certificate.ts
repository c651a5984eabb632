import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.js';
import {
  contextTag,
  DerReader,
  explicit,
  integer,
  readBitString,
  readInteger,
  readSmallInteger,
  readTime,
  sequence,
  TAG,
  time,
} from './der.js';
import { type Extension, encodeExtensions, readExtensions } from './extension.js';
import { type Name, readName } from './name.js';
import { parseSigned } from './signed.js';
import { readSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './subject-public-key-info.js';

/** Validity period, RFC 5280 §4.1.2.5. Both ends are inclusive. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** What a certificate says, RFC 5280 §4.1.2, without what signs it. */
export interface TbsCertificateFields {
  readonly serialNumber: bigint;
  readonly issuer: Name;
  readonly validity: Validity;
  readonly subject: Name;
  /** The encoded SubjectPublicKeyInfo. */
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly extensions: readonly Extension[];
}

/** A certificate read from DER, RFC 5280 §4.1. What it says is not judged here: that is path validation's. */
export interface Certificate {
  readonly der: Uint8Array;
  /** The octets that the signature covers. */
  readonly tbs: Uint8Array;
  /** 1, 2 or 3, as people count: v3 is encoded as 2. */
  readonly version: number;
  readonly serialNumber: bigint;
  /** The algorithm as the signed part names it; it must equal `signatureAlgorithm`. */
  readonly signature: AlgorithmIdentifier;
  readonly issuer: Name;
  readonly validity: Validity;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  readonly issuerUniqueId: boolean;
  readonly subjectUniqueId: boolean;
  readonly extensions: readonly Extension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signatureValue: Uint8Array;
}

/** Reads one certificate that fills the octets to the last. Throws DerError where it is not DER.
 *  Limits: 1 MiB, 64 extensions, 128 parts a name. */
export function parseCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_CERTIFICATE_OCTETS)
    throw new DerReader(der).error('too-large', `a certificate of ${der.length} octets`);
  const { inside, ...signed } = parseSigned(der);
  return { der, ...signed, ...readTbsCertificate(inside) };
}

/** Encodes the part of a certificate that is signed; always v3, with the extensions in the order given. */
export function encodeTbsCertificate(
  fields: TbsCertificateFields,
  signatureAlgorithm: Uint8Array,
): Uint8Array {
  return sequence(
    VERSION_3,
    integer(fields.serialNumber),
    signatureAlgorithm,
    fields.issuer.der,
    sequence(time(fields.validity.notBefore), time(fields.validity.notAfter)),
    fields.subject.der,
    fields.subjectPublicKeyInfo,
    ...(fields.extensions.length > 0 ? [explicit(3, encodeExtensions(fields.extensions))] : []),
  );
}

/** Whether issuer and subject are one name to the octet: self-issued in the common case. */
export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return issuer.der.length === subject.der.length && Buffer.compare(issuer.der, subject.der) === 0;
}

type Tbs = Omit<Certificate, 'der' | 'tbs' | 'signatureAlgorithm' | 'signatureValue'>;

function readTbsCertificate(reader: DerReader): Tbs {
  const version = readVersion(reader);
  const serialNumber = readInteger(reader);
  const signature = readAlgorithmIdentifier(reader);
  const issuer = readName(reader);
  const validity = readValidity(reader.enter(TAG.sequence));
  const subject = readName(reader);
  const subjectPublicKeyInfo = readSubjectPublicKeyInfo(reader);
  const issuerUniqueId = skipUniqueId(reader, 1);
  const subjectUniqueId = skipUniqueId(reader, 2);
  const extensions = reader.nextIs(contextTag(3, true))
    ? readWrappedExtensions(reader.enter(contextTag(3, true)))
    : [];
  reader.finish();
  return {
    version,
    serialNumber,
    signature,
    issuer,
    validity,
    subject,
    subjectPublicKeyInfo,
    issuerUniqueId,
    subjectUniqueId,
    extensions,
  };
}

function readVersion(reader: DerReader): number {
  if (!reader.nextIs(contextTag(0, true))) return 1;
  const wrapped = reader.enter(contextTag(0, true));
  const version = readSmallInteger(wrapped);
  wrapped.finish();
  if (version === 0) throw reader.error('der-default-encoded', 'version 1 written out (X.690 §11.5)');
  return version + 1;
}

function readValidity(reader: DerReader): Validity {
  const validity = { notBefore: readTime(reader), notAfter: readTime(reader) };
  reader.finish();
  return validity;
}

function skipUniqueId(reader: DerReader, number: number): boolean {
  if (!reader.nextIs(contextTag(number, false))) return false;
  readBitString(reader, contextTag(number, false));
  return true;
}

function readWrappedExtensions(reader: DerReader): Extension[] {
  const extensions = readExtensions(reader);
  reader.finish();
  return extensions;
}

const VERSION_3 = explicit(0, integer(2));
const MAX_CERTIFICATE_OCTETS = 1024 * 1024;
