import type { CertificateRecord, ProfileName, Revocation } from '../store/store.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { type CertificateList, revokedCertificatesOf } from '../x509/certificate-list.js';
import { sameBytes } from '../x509/der.js';
import { authorityKeyIdentifierOf } from '../x509/extensions/authority-key-identifier.js';
import { extKeyUsageOf } from '../x509/extensions/ext-key-usage.js';
import { invalidityDateOf } from '../x509/extensions/invalidity-date.js';
import { reasonCodeOf } from '../x509/extensions/reason-code.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import type { GeneralName } from '../x509/general-name.js';
import { commonNameOf, formatName, sameName } from '../x509/name.js';
import { OID } from '../x509/oid.js';
import { onelineToRfc4514, readOnelineName } from '../x509/oneline-name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { keyIdentifierIn } from './authority-context.js';
import { certificateStatus } from './certificate-view.js';
import { certificatesOfFile, type ImportMaterial, isAuthority } from './import-source.js';
import { isSignedBy } from './imported-authorities.js';
import { importedNames } from './imported-names.js';
import type { IndexEntry } from './read-index-txt.js';
import { recordOf } from './sign-certificate.js';

/** What the issuing CA gave out before it was imported. */
export interface ImportedCertificates {
  readonly records: readonly CertificateRecord[];
  /** Serial numbers whose certificate is nowhere, damaged or of another CA: of these the index is all there is. */
  readonly withoutCertificate: readonly string[];
  /** Serial numbers that the index calls valid and the CRL revoked: they are kept revoked. */
  readonly contradictions: readonly string[];
}

/** Reads what the index and the CRL tell of, with the certificates that are found.
 *  @param onProgress called now and then with how many of how many are read */
export async function importedCertificates(
  material: ImportMaterial,
  entries: readonly IndexEntry[],
  issuer: Certificate,
  crl: CertificateList | null,
  now: Date,
  reserved: readonly string[],
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ImportedCertificates> {
  const onCrl = crl === null ? new Map<string, Revocation>() : revocationsOn(crl);
  const own = serialNumberHex(issuer.serialNumber);
  const issued: Issued[] = [];
  const all = entries.length <= ALL_SIGNATURES_UP_TO;
  for (const [at, entry] of entries.entries()) {
    if (at % EVERY === 0) {
      onProgress(at, entries.length);
      await pause();
    }
    const certificate = certificateOf(material, entry.serialNumber, issuer, all);
    if (certificate !== null && sameBytes(certificate.der, issuer.der)) continue; // `openssl ca -selfsign` lists itself
    issued.push({
      entry,
      certificate,
      revocation: entry.revocation ?? onCrl.get(entry.serialNumber) ?? null,
    });
  }
  const known = new Set(entries.map(({ serialNumber }) => serialNumber)).add(own);
  for (const [serialNumber, revocation] of onCrl)
    if (!known.has(serialNumber)) issued.push(onCrlAlone(serialNumber, revocation, issuer));
  return {
    records: namedRecords(issued, issuer, now, reserved),
    withoutCertificate: issued
      .filter(({ certificate, entry }) => certificate === null && entry.line > 0)
      .map(({ entry }) => entry.serialNumber),
    contradictions: entries
      .filter(({ revocation, serialNumber }) => revocation === null && onCrl.has(serialNumber))
      .map(({ serialNumber }) => serialNumber),
  };
}

/** What a CRL lists, by serial number; removeFromCRL takes back, and stands in delta CRLs alone. */
export function revocationsOn(crl: CertificateList): Map<string, Revocation> {
  const found = new Map<string, Revocation>();
  for (const entry of revokedCertificatesOf(crl)) {
    const reason = reasonCodeOf(entry) ?? 'unspecified';
    if (reason === 'removeFromCRL') continue;
    const { revocationDate } = entry;
    const invalidityDate = invalidityDateOf(entry) ?? null;
    found.set(serialNumberHex(entry.serialNumber), { revocationDate, reason, invalidityDate });
  }
  return found;
}

interface Issued {
  readonly entry: IndexEntry;
  readonly certificate: Certificate | null;
  readonly revocation: Revocation | null;
}

/** The certificate of a serial number: of that CA, and whole. Where there are a great many, the key identifier in it is
 *  taken for the signature. */
function certificateOf(
  material: ImportMaterial,
  serialNumber: string,
  issuer: Certificate,
  allSignatures: boolean,
): Certificate | null {
  for (const file of material.certificatesOf(serialNumber)) {
    try {
      const certificate = parseCertificate(certificatesOfFile(file)[0] ?? new Uint8Array());
      const fits =
        serialNumberHex(certificate.serialNumber) === serialNumber &&
        sameName(certificate.issuer, issuer.subject) &&
        ((!allSignatures && namesKeyOf(certificate, issuer)) || isSignedBy(certificate, issuer) !== false);
      if (fits && subjectAltNameOf(certificate) !== null) return certificate;
    } catch {
      // Damaged: the index has what counts.
    }
  }
  return null;
}

function namesKeyOf(certificate: Certificate, issuer: Certificate): boolean {
  const identifier = authorityKeyIdentifierOf(certificate)?.keyIdentifier;
  return identifier !== undefined && sameBytes(identifier, keyIdentifierIn(issuer));
}

/** Nothing is known of it but that it is revoked; it ends with its CA at the latest. */
function onCrlAlone(serialNumber: string, revocation: Revocation, issuer: Certificate): Issued {
  const entry = { line: 0, serialNumber, notAfter: issuer.validity.notAfter, revocation, subject: '' };
  return { entry, certificate: null, revocation };
}

function namedRecords(
  issued: readonly Issued[],
  issuer: Certificate,
  now: Date,
  reserved: readonly string[],
): CertificateRecord[] {
  const plain = issued.map((one) => ({ ...recordWithoutName(one, issuer), revocation: one.revocation }));
  const names = importedNames(
    plain.map((record, at) => {
      const status = certificateStatus(record, now);
      const held =
        status === 'revoked' && record.revocation?.reason === 'certificateHold' && record.notAfter >= now;
      const { serialNumber, notBefore } = record;
      return { text: textOf(issued[at]!), serialNumber, status, held, notBefore };
    }),
    reserved,
  );
  return plain.map((record, at) => ({ ...record, name: names[at]! }));
}

function recordWithoutName({ entry, certificate }: Issued, issuer: Certificate): CertificateRecord {
  const kept = { authorityId: 'issuing', name: '', delivered: true, folder: null };
  if (certificate !== null)
    return recordOf(
      certificate,
      { ...kept, profile: profileOf(certificate) },
      subjectAltNameOf(certificate) ?? [],
    );
  const { serialNumber, notAfter, subject } = entry;
  return {
    ...kept,
    serialNumber,
    profile: 'peer',
    line: serialNumber,
    subject: onelineToRfc4514(subject),
    issuer: formatName(issuer.subject),
    subjectAltName: [],
    notBefore: issuer.validity.notBefore,
    notAfter,
    keyType: '',
    signatureAlgorithm: '',
    fingerprint256: '',
    certificate: null,
    revocation: null,
  };
}

/** What its NAME is made from. */
function textOf({ entry, certificate }: Issued): string {
  const name = certificate?.subject ?? readOnelineName(entry.subject);
  const commonName = name === null ? undefined : commonNameOf(name);
  if (commonName !== undefined) return commonName;
  return (
    (certificate === null
      ? undefined
      : subjectAltNameOf(certificate)
          ?.map(textOfName)
          .find((text) => text !== '')) ?? ''
  );
}

function textOfName(name: GeneralName): string {
  return 'value' in name ? name.value : '';
}

function profileOf(certificate: Certificate): ProfileName {
  if (isAuthority(certificate) && certificate.version > 1) return 'issuing';
  const purposes = extKeyUsageOf(certificate) ?? [];
  const server = purposes.includes(OID.serverAuth);
  if (server === purposes.includes(OID.clientAuth)) return 'peer';
  return server ? 'server' : 'client';
}

/** Lets the terminal and Ctrl-C have their turn. */
function pause(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const EVERY = 250;
/** Of P-384, easy-rsa's default, 1,400 signatures are checked in a second. */
const ALL_SIGNATURES_UP_TO = 5000;
