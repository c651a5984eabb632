import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.js';
import {
  contextTag,
  DerReader,
  integerFromOctets,
  readIntegerOctets,
  readOctetString,
  readOid,
  readSmallInteger,
  readTime,
  TAG,
} from './der.js';
import { type Extension, readExtensions } from './extension.js';
import { type CrlReason, readReasonCode } from './extensions/reason-code.js';
import { type Name, readName } from './name.js';
import { OID } from './oid.js';
import { readSigned } from './signed.js';

/** What an OCSP responder answered, RFC 6960 §4.2.1. */
export interface OcspResponse {
  readonly responseStatus: OcspResponseStatus;
  /** Present where the status is `successful`. */
  readonly basic?: BasicOcspResponse;
}

export type OcspResponseStatus =
  | 'successful'
  | 'malformedRequest'
  | 'internalError'
  | 'tryLater'
  | 'sigRequired'
  | 'unauthorized';

export interface BasicOcspResponse {
  /** The octets that the signature covers. */
  readonly tbs: Uint8Array;
  /** Who answered: a name, or the SHA-1 of the public key's bits. */
  readonly responderId: { readonly name: Name } | { readonly keyHash: Uint8Array };
  readonly producedAt: Date;
  readonly responses: readonly SingleResponse[];
  readonly responseExtensions: readonly Extension[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  /** Encoded certificates that help to check the signature. */
  readonly certificates: readonly Uint8Array[];
}

/** The status of one certificate. */
export interface SingleResponse {
  readonly certId: CertId;
  readonly status: OcspStatus;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
  readonly extensions: readonly Extension[];
}

/** A certificate by hashes of its issuer's name and key, and its serial number. */
export interface CertId {
  /** Object identifier of the hash. */
  readonly hashAlgorithm: string;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  readonly serialNumber: bigint;
}

export type OcspStatus =
  | { readonly type: 'good' | 'unknown' }
  | { readonly type: 'revoked'; readonly revocationTime: Date; readonly reason: CrlReason };

/** Reads an OCSP response that fills the octets to the last. Throws DerError. */
export function parseOcspResponse(der: Uint8Array): OcspResponse {
  const outer = new DerReader(der);
  if (der.length > MAX_OCTETS) throw outer.error('too-large', `an OCSP response of ${der.length} octets`);
  const reader = outer.enter(TAG.sequence);
  outer.finish();
  const number = readSmallInteger(reader, TAG.enumerated);
  const responseStatus = STATUSES[number];
  if (!responseStatus) throw reader.error('der-value-invalid', `an OCSP status ${number}`);
  if (responseStatus !== 'successful') return { responseStatus };
  const wrapped = reader.enter(contextTag(0, true));
  const bytes = wrapped.enter(TAG.sequence);
  wrapped.finish();
  reader.finish();
  if (readOid(bytes) !== OID.ocspBasic) throw bytes.error('der-value-invalid', 'no basic OCSP response');
  const basic = readOctetString(bytes);
  bytes.finish();
  return { responseStatus, basic: readBasic(basic) };
}

function readBasic(der: Uint8Array): BasicOcspResponse {
  const outer = new DerReader(der);
  const reader = outer.enter(TAG.sequence);
  outer.finish();
  const { tbs, signatureAlgorithm, signatureValue: signature } = readSigned(reader);
  const certificates = reader.done ? [] : readCertificates(reader.enter(contextTag(0, true)));
  reader.finish();
  return { tbs, ...readResponseData(new DerReader(tbs)), signatureAlgorithm, signature, certificates };
}

function readCertificates(wrapped: DerReader): Uint8Array[] {
  const list = wrapped.enter(TAG.sequence);
  wrapped.finish();
  const certificates: Uint8Array[] = [];
  while (!list.done) certificates.push(list.element(TAG.sequence));
  return certificates;
}

type ResponseData = Pick<
  BasicOcspResponse,
  'responderId' | 'producedAt' | 'responses' | 'responseExtensions'
>;

function readResponseData(outer: DerReader): ResponseData {
  const reader = outer.enter(TAG.sequence);
  if (reader.nextIs(contextTag(0, true))) {
    throw reader.error('der-default-encoded', 'version 1 written out (X.690 §11.5), or a later one');
  }
  const responderId = readResponderId(reader);
  const producedAt = readTime(reader);
  const responses: SingleResponse[] = [];
  const list = reader.enter(TAG.sequence);
  while (!list.done) responses.push(readSingle(list.enter(TAG.sequence)));
  const responseExtensions = readTaggedExtensions(reader, 1);
  reader.finish();
  return { responderId, producedAt, responses, responseExtensions };
}

function readResponderId(reader: DerReader): BasicOcspResponse['responderId'] {
  const byName = reader.nextIs(contextTag(1, true));
  const inside = reader.enter(contextTag(byName ? 1 : 2, true));
  const id = byName ? { name: readName(inside) } : { keyHash: readOctetString(inside) };
  inside.finish();
  return id;
}

function readSingle(reader: DerReader): SingleResponse {
  const certId = readCertId(reader.enter(TAG.sequence));
  const status = readStatus(reader);
  const thisUpdate = readTime(reader);
  const wrapped = reader.nextIs(contextTag(0, true)) ? reader.enter(contextTag(0, true)) : undefined;
  const nextUpdate = wrapped ? readTime(wrapped) : null;
  wrapped?.finish();
  const extensions = readTaggedExtensions(reader, 1);
  reader.finish();
  return { certId, status, thisUpdate, nextUpdate, extensions };
}

function readCertId(reader: DerReader): CertId {
  const { algorithm } = readAlgorithmIdentifier(reader);
  const issuerNameHash = readOctetString(reader);
  const issuerKeyHash = readOctetString(reader);
  const serialNumber = integerFromOctets(readIntegerOctets(reader));
  reader.finish();
  return { hashAlgorithm: algorithm, issuerNameHash, issuerKeyHash, serialNumber };
}

function readStatus(reader: DerReader): OcspStatus {
  if (reader.nextIs(contextTag(1, true))) {
    const inside = reader.enter(contextTag(1, true));
    const revocationTime = readTime(inside);
    const wrapped = inside.nextIs(contextTag(0, true)) ? inside.enter(contextTag(0, true)) : undefined;
    const reason = wrapped ? readReasonCode(wrapped) : 'unspecified';
    wrapped?.finish();
    inside.finish();
    return { type: 'revoked', revocationTime, reason };
  }
  const good = reader.nextIs(contextTag(0, false));
  const contents = reader.contents(contextTag(good ? 0 : 2, false));
  if (contents.length !== 0) throw reader.error('der-value-invalid', 'an OCSP status with contents');
  return { type: good ? 'good' : 'unknown' };
}

function readTaggedExtensions(reader: DerReader, number: number): Extension[] {
  if (!reader.nextIs(contextTag(number, true))) return [];
  const wrapped = reader.enter(contextTag(number, true));
  const extensions = readExtensions(wrapped);
  wrapped.finish();
  return extensions;
}

/** OCSPResponseStatus by its number; 4 is not used. */
const STATUSES: ReadonlyArray<OcspResponseStatus | null> = [
  'successful',
  'malformedRequest',
  'internalError',
  'tryLater',
  null,
  'sigRequired',
  'unauthorized',
];
const MAX_OCTETS = 1024 * 1024;
