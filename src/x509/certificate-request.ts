import type { AlgorithmIdentifier } from './algorithm-identifier.js';
import {
  contextTag,
  DerReader,
  element,
  integer,
  oid,
  readOid,
  readSmallInteger,
  sequence,
  setOf,
  TAG,
} from './der.js';
import { type Extension, encodeExtensions, readExtensions } from './extension.js';
import { type Name, readName } from './name.js';
import { OID } from './oid.js';
import { parseSigned } from './signed.js';
import { readSubjectPublicKeyInfo, type SubjectPublicKeyInfo } from './subject-public-key-info.js';

/** A PKCS#10 certification request, RFC 2986 §4. */
export interface CertificateRequest {
  readonly der: Uint8Array;
  /** CertificationRequestInfo: the octets that the signature covers. */
  readonly info: Uint8Array;
  readonly subject: Name;
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  /** What the extensionRequest attribute asks for (RFC 2985 §5.4.2); empty without one. */
  readonly extensions: readonly Extension[];
  /** Object identifiers of all attributes. */
  readonly attributes: readonly string[];
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signatureValue: Uint8Array;
}

/** Reads a request that fills the octets to the last. Throws DerError where it is not DER. Limit: 1 MiB. */
export function parseCertificateRequest(der: Uint8Array): CertificateRequest {
  if (der.length > MAX_REQUEST_OCTETS)
    throw new DerReader(der).error('too-large', `a request of ${der.length} octets`);
  const { inside, tbs: info, ...signature } = parseSigned(der);
  return { der, info, ...readInfo(inside), ...signature };
}

/** Encodes CertificationRequestInfo, the part that the requester signs. */
export function encodeCertificationRequestInfo(
  subject: Name,
  subjectPublicKeyInfo: Uint8Array,
  extensions: readonly Extension[],
): Uint8Array {
  const attributes =
    extensions.length === 0 ? [] : [sequence(oid(OID.extensionRequest), setOf(encodeExtensions(extensions)))];
  return sequence(integer(0), subject.der, subjectPublicKeyInfo, element(contextTag(0, true), ...attributes));
}

type Info = Pick<CertificateRequest, 'subject' | 'subjectPublicKeyInfo' | 'extensions' | 'attributes'>;

function readInfo(reader: DerReader): Info {
  const version = readSmallInteger(reader);
  if (version !== 0) throw reader.error('der-value-invalid', `a request of version ${version + 1}`);
  const subject = readName(reader);
  const subjectPublicKeyInfo = readSubjectPublicKeyInfo(reader);
  // RFC 2986 wants the attributes even when they are none; some software leaves the field out then.
  const attributes = reader.done
    ? { extensions: [], attributes: [] }
    : readAttributes(reader.enter(contextTag(0, true)));
  reader.finish();
  return { subject, subjectPublicKeyInfo, ...attributes };
}

function readAttributes(reader: DerReader): Pick<Info, 'extensions' | 'attributes'> {
  const attributes: string[] = [];
  let extensions: Extension[] = [];
  while (!reader.done) {
    const attribute = reader.enter(TAG.sequence);
    const type = readOid(attribute);
    const values = attribute.enter(TAG.set);
    attribute.finish();
    if (type === OID.extensionRequest) {
      if (attributes.includes(type))
        throw attribute.error('der-value-invalid', 'two extensionRequest attributes');
      extensions = readExtensions(values);
      values.finish();
    }
    attributes.push(type);
  }
  return { extensions, attributes };
}

const MAX_REQUEST_OCTETS = 1024 * 1024;
