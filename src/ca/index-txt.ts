import type { CertificateRecord, Revocation } from '../store/store.js';
import { parseCertificate } from '../x509/certificate.js';
import { sameBytes } from '../x509/der.js';
import type { CrlReason } from '../x509/extensions/reason-code.js';
import { parseName } from '../x509/name.js';
import { formatOnelineName } from '../x509/oneline-name.js';
import type { AuthorityContext } from './authority-context.js';
import { certificateStatus } from './certificate-view.js';

/** The index of a CA for `openssl ca` and `openssl ocsp`. */
export interface IndexTxt {
  /** What goes into index.txt: a line for each certificate, the oldest first. */
  readonly content: string;
  /** What goes into index.txt.attr: a subject may have several certificates, as renewals have. */
  readonly attributes: string;
  readonly certificates: number;
  /** The number of the next CRL, as the file `crlnumber` has it. */
  readonly crlNumber: string;
  /** Revoked ones whose reason or invalidityDate OpenSSL's index has no word for: there they are revoked without it. */
  readonly withoutReason: readonly string[];
}

/** Tells what the issuing CA gave out as `openssl ca` writes it down, without its reserved serial number. */
export async function exportIndexTxt({ store, issuing, now }: AuthorityContext): Promise<IndexTxt> {
  const { records, crl } = await store.read(async (read) => ({
    records: await read.certificates({}),
    crl: await read.crlState(issuing.id),
  }));
  const moment = now();
  const issued = records.filter(
    ({ authorityId, serialNumber, certificate }) =>
      authorityId === issuing.id &&
      serialNumber !== issuing.reservedSerial &&
      !(certificate !== null && sameBytes(certificate, issuing.certificate)),
  );
  return {
    content: issued.map((record) => lineOf(record, moment)).join(''),
    attributes: 'unique_subject = no\n',
    certificates: issued.length,
    crlNumber: evenHex((crl?.number ?? 0n) + 1n),
    withoutReason: issued
      .filter(({ revocation }) => revocation !== null && !isSaidWhole(revocation))
      .map(({ serialNumber }) => serialNumber),
  };
}

function lineOf(record: CertificateRecord, now: Date): string {
  const status = STATUS[certificateStatus(record, now)];
  const revoked = record.revocation === null ? '' : revocationText(record.revocation);
  const serial = record.serialNumber.toUpperCase();
  return `${[status, indexTime(record.notAfter), revoked, serial, 'unknown', subjectOf(record)].join('\t')}\n`;
}

/** `time`, `time,reason`, or `time,keyTime,since when`. */
function revocationText({ revocationDate, reason, invalidityDate }: Revocation): string {
  const time = indexTime(revocationDate);
  const timed = invalidityDate === null ? undefined : TIMED.get(reason);
  if (timed !== undefined) return `${time},${timed},${generalizedTime(invalidityDate!)}`;
  const name = REASONS.get(reason);
  return name === undefined ? time : `${time},${name}`;
}

function isSaidWhole({ reason, invalidityDate }: Revocation): boolean {
  return (reason === 'unspecified' || REASONS.has(reason)) && (invalidityDate === null || TIMED.has(reason));
}

/** From the certificate where there is one: the record's text may have lost how a value was written. */
function subjectOf({ certificate, subject }: CertificateRecord): string {
  if (certificate !== null) return field(formatOnelineName(parseCertificate(certificate).subject));
  try {
    return field(formatOnelineName(parseName(subject)));
  } catch {
    return field(subject);
  }
}

/** A tab ends a field but for one behind a backslash. */
function field(text: string): string {
  return text.replace(/[\r\n]/g, ' ').replaceAll('\t', '\\\t');
}

/** As certificates have it: two digits of the year until 2049 (RFC 5280 §4.1.2.5). */
function indexTime(moment: Date): string {
  const year = moment.getUTCFullYear();
  return year >= 1950 && year < 2050 ? generalizedTime(moment).slice(2) : generalizedTime(moment);
}

function generalizedTime(moment: Date): string {
  return `${moment.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
}

function evenHex(number: bigint): string {
  const hex = number.toString(16).toUpperCase();
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

const STATUS = { valid: 'V', revoked: 'R', expired: 'E' } as const;

/** What `openssl ca` has a word for; of another one it makes no CRL at all. */
const REASONS: ReadonlyMap<CrlReason, string> = new Map([
  ['keyCompromise', 'keyCompromise'],
  ['cACompromise', 'CACompromise'],
  ['affiliationChanged', 'affiliationChanged'],
  ['superseded', 'superseded'],
  ['cessationOfOperation', 'cessationOfOperation'],
  ['certificateHold', 'certificateHold'],
]);
const TIMED: ReadonlyMap<CrlReason, string> = new Map([
  ['keyCompromise', 'keyTime'],
  ['cACompromise', 'CAkeyTime'],
]);
