import { createHash, sign } from 'node:crypto';
import { algorithmIdentifier } from '../../src/x509/algorithm-identifier.js';
import {
  bitString,
  contextTag,
  element,
  explicit,
  integer,
  octetString,
  oid,
  sequence,
  TAG,
} from '../../src/x509/der.js';
import { type Extension, encodeExtensions } from '../../src/x509/extension.js';
import { OID } from '../../src/x509/oid.js';
import { type Made, NOW } from './certificate-maker.js';

export interface OcspWish {
  readonly status?: 'good' | 'revoked' | 'unknown';
  /** Who signs, by a P-256 key; the issuer where absent. */
  readonly signer?: Made;
  readonly digest?: 'sha1' | 'sha256';
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date | null;
  /** Certificates to send along. */
  readonly certificates?: readonly Made[];
  /** Extensions of the whole response. */
  readonly extensions?: readonly Extension[];
}

/** An OCSP response about a certificate, RFC 6960 §4.2.1, whose responder goes by its key. */
export function makeOcspResponse(subject: Made, issuer: Made, wish: OcspWish = {}): Uint8Array {
  const { signer = issuer, digest = 'sha256', certificates = [], extensions = [] } = wish;
  const tbs = sequence(
    explicit(2, octetString(sha1(keyOf(signer)))),
    generalizedTime(NOW),
    sequence(singleResponse(subject, issuer, wish)),
    ...(extensions.length > 0 ? [explicit(1, encodeExtensions(extensions))] : []),
  );
  const algorithm = algorithmIdentifier(
    digest === 'sha1' ? OID.ecdsaWithSHA1 : OID.ecdsaWithSHA256,
    'absent',
  );
  const basic = sequence(
    tbs,
    algorithm,
    bitString(sign(digest, tbs, signer.key.privateKey)),
    ...(certificates.length > 0 ? [explicit(0, sequence(...certificates.map(({ der }) => der)))] : []),
  );
  const bytes = sequence(oid(OID.ocspBasic), octetString(basic));
  return sequence(Uint8Array.of(TAG.enumerated, 1, 0), explicit(0, bytes));
}

function singleResponse(subject: Made, issuer: Made, wish: OcspWish): Uint8Array {
  const { thisUpdate = NOW, nextUpdate = new Date(NOW.getTime() + 3_600_000) } = wish;
  const certId = sequence(
    algorithmIdentifier(OID.sha1, 'null'),
    octetString(sha1(issuer.certificate.subject.der)),
    octetString(sha1(keyOf(issuer))),
    integer(subject.certificate.serialNumber),
  );
  return sequence(
    certId,
    encodeStatus(wish.status ?? 'good'),
    generalizedTime(thisUpdate),
    ...(nextUpdate === null ? [] : [explicit(0, generalizedTime(nextUpdate))]),
  );
}

function encodeStatus(status: 'good' | 'revoked' | 'unknown'): Uint8Array {
  if (status === 'revoked') return element(contextTag(1, true), generalizedTime(NOW));
  return element(contextTag(status === 'good' ? 0 : 2, false));
}

function keyOf({ certificate }: Made): Uint8Array {
  return certificate.subjectPublicKeyInfo.publicKey;
}

function sha1(octets: Uint8Array): Uint8Array {
  return createHash('sha1').update(octets).digest();
}

function generalizedTime(date: Date): Uint8Array {
  return element(TAG.generalizedTime, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')));
}
