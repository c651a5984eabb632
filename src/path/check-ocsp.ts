import { createHash } from 'node:crypto';
import { signatureHash, verifySignature } from '../keys/verify-signature.js';
import { hashWeakness } from '../policy/key-strength.js';
import { DerError, sameBytes } from '../x509/der.js';
import { sameName } from '../x509/name.js';
import {
  type BasicOcspResponse,
  type OcspResponse,
  parseOcspResponse,
  type SingleResponse,
} from '../x509/ocsp-response.js';
import { OID } from '../x509/oid.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import { type CertificateRules, checkCertificate } from './check-certificate.js';
import { checkSignature, checkSignatureAlgorithm } from './check-signature.js';
import { checkValidity } from './check-validity.js';
import { type PathCertificate, readPathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** An OCSP response read, or what is wrong with it. */
export type PathOcspResponse = OcspResponse | Refusal;

/** What judging OCSP responses needs of the verification that it belongs to. */
export interface OcspContext {
  readonly responses: readonly PathOcspResponse[];
  readonly at: Date;
  readonly rules: CertificateRules;
  /** Takes one signature check from the budget; false where none is left. */
  readonly pay: () => boolean;
  /** Whether a responder's certificate without ocspNoCheck is revoked; null where nothing speaks against it. */
  readonly checkResponder: (responder: PathCertificate, issuer: PathCertificate) => Refusal | null;
}

/** Reads an OCSP response, or tells why it cannot be read. */
export function readPathOcspResponse(der: Uint8Array): PathOcspResponse {
  try {
    return parseOcspResponse(der);
  } catch (error) {
    if (error instanceof DerError) return refusal('ocsp-malformed', error.message);
    throw error;
  }
}

/** The status of a certificate by the OCSP responses at hand, RFC 6960 §3.2: null where one says `good`. */
export function checkOcsp(
  subject: PathCertificate,
  issuer: PathCertificate,
  context: OcspContext,
): Refusal | null {
  let worst: Refusal | null = null;
  for (const response of context.responses) {
    const found = checkResponse(response, subject, issuer, context);
    if (found === null || found.reason === 'cert-revoked') return found;
    if (worst === null || worst.reason === 'ocsp-status-unknown') worst = found;
  }
  return worst ?? silent(subject);
}

function checkResponse(
  response: PathOcspResponse,
  subject: PathCertificate,
  issuer: PathCertificate,
  context: OcspContext,
): Refusal | null {
  if ('reason' in response) return response;
  const { basic, responseStatus } = response;
  if (basic === undefined) return refusal('ocsp-not-successful', `the responder answered ${responseStatus}`);
  const single = basic.responses.find((one) => speaksOf(one, subject, issuer));
  if (single === undefined) return silent(subject);
  return (
    checkCritical(basic, single) ??
    checkResponder(basic, issuer, context) ??
    checkTime(single, context.at) ??
    checkStatus(single, subject)
  );
}

function speaksOf({ certId }: SingleResponse, subject: PathCertificate, issuer: PathCertificate): boolean {
  const hash = HASHES.get(certId.hashAlgorithm);
  if (hash === undefined || certId.serialNumber !== subject.certificate.serialNumber) return false;
  const { subjectPublicKeyInfo } = issuer.certificate;
  return (
    sameBytes(certId.issuerNameHash, digest(hash, subject.certificate.issuer.der)) &&
    sameBytes(certId.issuerKeyHash, digest(hash, subjectPublicKeyInfo.publicKey))
  );
}

function checkCritical(
  { responseExtensions }: BasicOcspResponse,
  { extensions }: SingleResponse,
): Refusal | null {
  const unknown = [...responseExtensions, ...extensions].find(
    ({ oid, critical }) => critical && oid !== OID.ocspNonce,
  );
  return unknown === undefined
    ? null
    : refusal('ocsp-malformed', `the extension ${unknown.oid} is critical and not known here`);
}

/** §4.2.2.2: the CA itself, or who has a certificate by that very CA with OCSPSigning. */
function checkResponder(
  basic: BasicOcspResponse,
  issuer: PathCertificate,
  context: OcspContext,
): Refusal | null {
  const given = basic.certificates.map(readPathCertificate);
  const delegates = given.filter((one): one is PathCertificate => !('reason' in one));
  let worst = refusal('ocsp-not-trusted', 'the certificate of the responder is not at hand');
  for (const responder of [issuer, ...delegates.slice(0, MAX_DELEGATES)]) {
    if (!isResponder(basic, responder)) continue;
    const found =
      (responder === issuer ? null : checkDelegate(responder, issuer, context)) ??
      checkResponseSignature(basic, responder, context);
    if (found === null) return null;
    worst = found;
  }
  return worst;
}

function isResponder({ responderId }: BasicOcspResponse, { certificate }: PathCertificate): boolean {
  return 'name' in responderId
    ? sameName(responderId.name, certificate.subject)
    : sameBytes(responderId.keyHash, digest('sha1', certificate.subjectPublicKeyInfo.publicKey));
}

function checkDelegate(
  responder: PathCertificate,
  issuer: PathCertificate,
  { at, rules, pay, checkResponder: checkRevoked }: OcspContext,
): Refusal | null {
  if (responder.issuerKey !== issuer.subjectKey) {
    return refusal('ocsp-not-trusted', 'the responder was not certified by the CA of the certificate');
  }
  if (!responder.extensions.extKeyUsage?.includes(OID.ocspSigning)) {
    return refusal('ocsp-not-trusted', 'the extKeyUsage of the responder lacks OCSPSigning');
  }
  if (!pay()) return refusal('signature-budget-exceeded', 'more than 100 signatures to check');
  const fault =
    checkCertificate(responder, 'leaf', { ...rules, profile: 'rfc5280' }) ??
    checkValidity(responder.certificate.validity, at) ??
    checkSignatureAlgorithm(responder) ??
    checkSignature(responder, issuer);
  if (fault !== null)
    return refusal('ocsp-not-trusted', `the certificate of the responder: ${fault.message}`);
  const noCheck = responder.certificate.extensions.some(({ oid }) => oid === OID.ocspNoCheck);
  return noCheck ? null : checkRevoked(responder, issuer);
}

function checkResponseSignature(
  { tbs, signature, signatureAlgorithm }: BasicOcspResponse,
  { certificate: { subjectPublicKeyInfo } }: PathCertificate,
  { pay }: OcspContext,
): Refusal | null {
  const hash = signatureHash(signatureAlgorithm);
  const weakness = hash === null ? null : hashWeakness(hash);
  if (weakness !== null) return refusal('weak-hash', `the OCSP response: ${weakness.message}`);
  if (!pay()) return refusal('signature-budget-exceeded', 'more than 100 signatures to check');
  const verdict = verifySignature({
    subjectPublicKeyInfo,
    algorithm: signatureAlgorithm,
    data: tbs,
    signature,
  });
  return verdict === 'valid'
    ? null
    : refusal(
        'ocsp-not-trusted',
        `the signature of the OCSP response does not fit its responder's key (${verdict})`,
      );
}

/** §4.2.2.1. Without nextUpdate "newer revocation information is available all the time": good for a day, then. */
function checkTime({ thisUpdate, nextUpdate }: SingleResponse, at: Date): Refusal | null {
  const now = wholeSeconds(at).getTime();
  const until = nextUpdate?.getTime() ?? thisUpdate.getTime() + ONE_DAY_MS;
  if (now >= thisUpdate.getTime() && now <= until) return null;
  return refusal(
    'ocsp-expired',
    `the OCSP response is good from ${thisUpdate.toISOString()} to ${new Date(until).toISOString()}`,
  );
}

function checkStatus({ status }: SingleResponse, subject: PathCertificate): Refusal | null {
  const serial = serialNumberHex(subject.certificate.serialNumber);
  switch (status.type) {
    case 'good':
      return null;
    case 'revoked':
      return refusal(
        'cert-revoked',
        `serial number ${serial} is revoked since ${status.revocationTime.toISOString()} (${status.reason}), by OCSP`,
      );
    case 'unknown':
      return refusal('ocsp-status-unknown', `the responder does not know serial number ${serial}`);
  }
}

function silent({ certificate }: PathCertificate): Refusal {
  return refusal(
    'ocsp-status-unknown',
    `no OCSP response at hand speaks of serial number ${serialNumberHex(certificate.serialNumber)} of its issuer`,
  );
}

function digest(hash: string, octets: Uint8Array): Uint8Array {
  return createHash(hash).update(octets).digest();
}

/** A response carries the responder's certificate; more than a few are an attack. */
const MAX_DELEGATES = 8;
const ONE_DAY_MS = 86_400_000;

const HASHES: ReadonlyMap<string, string> = new Map([
  [OID.sha1, 'sha1'],
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
]);
