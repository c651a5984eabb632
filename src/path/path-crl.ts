import {
  type CertificateList,
  entryContents,
  entryEnd,
  parseCertificateList,
  type RevokedCertificate,
  revokedCertificateAt,
} from '../x509/certificate-list.js';
import { DerError, type DerReader, integer, latin1, readInteger, sameBytes } from '../x509/der.js';
import { decodeWhole, type Extension } from '../x509/extension.js';
import { readAuthorityInfoAccess } from '../x509/extensions/authority-info-access.js';
import { readAuthorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { certificateIssuerOf } from '../x509/extensions/certificate-issuer.js';
import { readCrlDistributionPoints } from '../x509/extensions/crl-distribution-points.js';
import {
  type IssuingDistributionPoint,
  readIssuingDistributionPoint,
} from '../x509/extensions/issuing-distribution-point.js';
import { reasonCodeOf } from '../x509/extensions/reason-code.js';
import { readSubjectAltName } from '../x509/extensions/subject-alt-name.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { nameKey } from '../x509/name.js';
import { OID, oidName } from '../x509/oid.js';
import { derRefusal } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';
import { buildSerialIndex, type SerialIndex } from './serial-index.js';

/** A CRL with what looking up in it needs. */
export class PathCrl {
  readonly list: CertificateList;
  readonly issuerKey: string;
  readonly cRLNumber: bigint;
  /** The number of the CRL that this one adds to; undefined for a complete one. */
  readonly baseCRLNumber: bigint | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  /** The encoded issuingDistributionPoint: the scope, which a delta CRL shares with its base. */
  readonly scope: string;
  /** Whether the key of that encoded SubjectPublicKeyInfo made the signature, for keys tried so far. */
  readonly signedBy = new Map<string, Refusal | null>();
  readonly #hasIssuers: boolean;
  #lookups = 0;
  #index: SerialIndex | undefined;

  constructor(list: CertificateList, fields: CrlFields, hasIssuers: boolean) {
    this.list = list;
    this.issuerKey = nameKey(list.issuer);
    this.cRLNumber = fields.cRLNumber;
    this.baseCRLNumber = fields.baseCRLNumber;
    this.issuingDistributionPoint = fields.issuingDistributionPoint;
    this.scope = fields.scope;
    this.#hasIssuers = hasIssuers;
  }

  /** SHA-256 of the encoding, lower-case hex. */
  get fingerprint(): string {
    return fingerprint256(this.list.der);
  }

  /** The entry of a certificate, or undefined.
   *  @param issuerKey the certificate's issuer, for CRLs that speak of several (RFC 5280 §5.3.3) */
  find(serialNumber: bigint, issuerKey: string): RevokedCertificate | undefined {
    const wanted = integer(serialNumber);
    if (this.#hasIssuers) return this.#findOfIssuer(wanted, issuerKey);
    if (issuerKey !== this.issuerKey) return undefined;
    this.#lookups += 1;
    const { revokedCertificates } = this.list;
    if (this.#lookups > LOOKUPS_WITHOUT_INDEX) this.#index ??= buildSerialIndex(revokedCertificates);
    const at = this.#index ? this.#index.find(wanted) : scan(revokedCertificates, wanted);
    return at < 0 ? undefined : revokedCertificateAt(revokedCertificates, at);
  }

  /** An entry is the CRL issuer's until a certificateIssuer says otherwise, for itself and all after it. */
  #findOfIssuer(wanted: Uint8Array, issuerKey: string): RevokedCertificate | undefined {
    const { revokedCertificates } = this.list;
    let current = this.issuerKey;
    for (let at = 0; at < revokedCertificates.length; at = entryEnd(revokedCertificates, at)) {
      const entry = revokedCertificateAt(revokedCertificates, at);
      const names = certificateIssuerOf(entry)?.flatMap((name) =>
        name.type === 'directoryName' ? [nameKey(name.name)] : [],
      );
      if (names !== undefined) current = names[0] ?? '';
      if (current === issuerKey && sameBytes(integer(entry.serialNumber), wanted)) return entry;
    }
    return undefined;
  }
}

/** Reads a CRL and holds it against RFC 5280 §5, its entries included; or tells what is wrong. */
export function readPathCrl(der: Uint8Array): PathCrl | Refusal {
  try {
    const list = parseCertificateList(der);
    const fields = readFields(list);
    if ('reason' in fields) return fields;
    const entries = surveyEntries(list.revokedCertificates);
    if ('reason' in entries) return entries;
    if (entries.hasIssuers && !fields.issuingDistributionPoint?.indirectCRL) {
      return refusal('crl-malformed', 'certificateIssuer in a CRL that is not indirect');
    }
    return new PathCrl(list, fields, entries.hasIssuers);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    const { reason, message } = derRefusal(error);
    return refusal(reason === 'too-large' ? reason : 'crl-malformed', message);
  }
}

interface CrlFields {
  readonly cRLNumber: bigint;
  readonly baseCRLNumber: bigint | undefined;
  readonly issuingDistributionPoint: IssuingDistributionPoint | undefined;
  readonly scope: string;
}

/** §5.1 and §5.2: what must be there, and each extension once, known or not critical. */
function readFields(list: CertificateList): CrlFields | Refusal {
  if (!sameBytes(list.signature.der, list.signatureAlgorithm.der)) {
    return refusal('crl-malformed', 'the CRL names two signature algorithms (§5.1.1.2)');
  }
  if (list.issuer.rdns.length === 0)
    return refusal('crl-malformed', 'the issuer of the CRL has no name (§5.1.2.3)');
  if (list.nextUpdate === null) return refusal('crl-malformed', 'the CRL has no nextUpdate (§5.1.2.5)');
  const values = new Map<string, unknown>();
  for (const extension of list.extensions) {
    if (values.has(extension.oid)) {
      return refusal('crl-malformed', `the extension ${oidName(extension.oid)} stands twice (§4.2)`);
    }
    const read = CRL_EXTENSIONS.get(extension.oid);
    if (read === undefined && extension.critical) return unknownCritical(extension);
    if (extension.critical && NEVER_CRITICAL.has(extension.oid)) {
      return refusal('crl-malformed', `the extension ${oidName(extension.oid)} is critical (§5.2)`);
    }
    values.set(extension.oid, read && decodeWhole(extension.value, read));
  }
  const cRLNumber = values.get(OID.cRLNumber) as bigint | undefined;
  if (cRLNumber === undefined) return refusal('crl-malformed', 'the CRL has no cRLNumber (§5.2.3)');
  const scope = list.extensions.find(({ oid }) => oid === OID.issuingDistributionPoint);
  return {
    cRLNumber,
    baseCRLNumber: values.get(OID.deltaCRLIndicator) as bigint | undefined,
    issuingDistributionPoint: values.get(OID.issuingDistributionPoint) as
      | IssuingDistributionPoint
      | undefined,
    scope: scope === undefined ? '' : latin1(scope.value),
  };
}

/** §5.3: a CRL with an unknown critical entry extension MUST NOT be used for any certificate. Entries without
 *  extensions, or with a reason alone, are told by their octets. */
function surveyEntries(entries: Uint8Array): { hasIssuers: boolean } | Refusal {
  let hasIssuers = false;
  for (let at = 0, end = 0; at < entries.length; at = end) {
    end = entryEnd(entries, at);
    if (isPlain(entries, entryContents(entries, at), end)) continue;
    const { extensions } = revokedCertificateAt(entries, at);
    const unknown = extensions.find(({ oid, critical }) => critical && !ENTRY_EXTENSIONS.has(oid));
    if (unknown !== undefined) return unknownCritical(unknown);
    reasonCodeOf({ extensions });
    hasIssuers ||= certificateIssuerOf({ extensions }) !== undefined;
  }
  return { hasIssuers };
}

/** Serial number and UTCTime, and nothing more than perhaps a reasonCode as DER has it. */
function isPlain(entries: Uint8Array, start: number, end: number): boolean {
  const time = start + 2 + entries[start + 1]!;
  if (
    entries[start] !== 0x02 ||
    entries[start + 1]! > 20 ||
    entries[time] !== 0x17 ||
    entries[time + 1] !== 13
  ) {
    return false;
  }
  const rest = time + 15;
  if (rest === end) return true;
  if (end - rest !== REASON_ONLY.length + 1) return false;
  for (let at = 0; at < REASON_ONLY.length; at += 1) if (entries[rest + at] !== REASON_ONLY[at]) return false;
  const reason = entries[end - 1]!;
  return reason <= 10 && reason !== 7;
}

function scan(entries: Uint8Array, wanted: Uint8Array): number {
  for (let at = 0, end = 0; at < entries.length; at = end) {
    end = entryEnd(entries, at);
    const start = entryContents(entries, at);
    let index = 0;
    while (index < wanted.length && entries[start + index] === wanted[index]) index += 1;
    if (index === wanted.length) return at;
  }
  return -1;
}

function unknownCritical({ oid }: Extension): Refusal {
  return refusal('crl-unknown-critical-extension', `${oidName(oid)} is critical and not known here`);
}

const LOOKUPS_WITHOUT_INDEX = 4;

/** SEQUENCE { SEQUENCE { reasonCode, OCTET STRING { ENUMERATED … } } }, up to the reason itself. */
const REASON_ONLY = Uint8Array.of(
  0x30,
  0x0c,
  0x30,
  0x0a,
  0x06,
  0x03,
  0x55,
  0x1d,
  0x15,
  0x04,
  0x03,
  0x0a,
  0x01,
);

const CRL_EXTENSIONS: ReadonlyMap<string, (reader: DerReader) => unknown> = new Map<
  string,
  (reader: DerReader) => unknown
>([
  [OID.authorityKeyIdentifier, readAuthorityKeyIdentifier],
  [OID.issuerAltName, readSubjectAltName],
  [OID.cRLNumber, (reader) => readInteger(reader)],
  [OID.deltaCRLIndicator, (reader) => readInteger(reader)],
  [OID.issuingDistributionPoint, readIssuingDistributionPoint],
  [OID.freshestCRL, readCrlDistributionPoints],
  [OID.authorityInfoAccess, readAuthorityInfoAccess],
]);
const NEVER_CRITICAL: ReadonlySet<string> = new Set([
  OID.authorityKeyIdentifier,
  OID.cRLNumber,
  OID.freshestCRL,
  OID.authorityInfoAccess,
]);
const ENTRY_EXTENSIONS: ReadonlySet<string> = new Set([
  OID.reasonCode,
  OID.invalidityDate,
  OID.certificateIssuer,
]);
