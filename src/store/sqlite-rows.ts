import { SslapiError } from '../errors.js';
import type { CrlReason } from '../x509/extensions/reason-code.js';
import type { Item, ItemContent } from './items.js';
import type { SqliteValue } from './sqlite-driver.js';
import type { AuthorityRecord, CertificateRecord, ProfileName, Revocation } from './store.js';

/** A row as SQLite gives it, by column. */
export type Row = Record<string, SqliteValue>;

/** Columns of `certificate` in their order. */
export function valuesOf(record: CertificateRecord): SqliteValue[] {
  return [
    record.serialNumber,
    record.authorityId,
    record.name,
    record.profile,
    record.line,
    record.subject,
    record.issuer,
    JSON.stringify(record.subjectAltName),
    record.notBefore.getTime(),
    record.notAfter.getTime(),
    record.keyType,
    record.signatureAlgorithm,
    record.fingerprint256,
    record.certificate === null ? null : Buffer.from(record.certificate),
    record.delivered ? 1 : 0,
    record.folder,
    record.revocation?.revocationDate.getTime() ?? null,
    record.revocation?.reason ?? null,
    record.revocation?.invalidityDate?.getTime() ?? null,
  ];
}

export function itemOf(row: Row): Item {
  return {
    id: Number(row.id),
    ...(JSON.parse(String(row.content)) as ItemContent),
    owner: String(row.owner),
    createdAt: date(row.created_at),
    changedAt: date(row.changed_at),
    edition: Number(row.edition),
  };
}

/** What of an item is its client's own. */
export function contentOf({ name, note, quantity, tags }: ItemContent): string {
  return JSON.stringify({ name, note, quantity, tags });
}

export function certificateOf(row: Row): CertificateRecord {
  return {
    serialNumber: String(row.serial_number),
    authorityId: String(row.authority_id),
    name: String(row.name),
    profile: String(row.profile) as ProfileName,
    line: String(row.line),
    subject: String(row.subject),
    issuer: String(row.issuer),
    subjectAltName: listOf(row.subject_alt_name),
    notBefore: date(row.not_before),
    notAfter: date(row.not_after),
    keyType: String(row.key_type),
    signatureAlgorithm: String(row.signature_algorithm),
    fingerprint256: String(row.fingerprint256),
    certificate: row.certificate === null ? null : octets(row.certificate),
    delivered: row.delivered === 1,
    folder: text(row.folder ?? null),
    revocation: revocationOf(row),
  };
}

export function revocationOf(row: Row): Revocation | null {
  if (row.revocation_date === null || row.revocation_date === undefined) return null;
  return {
    revocationDate: date(row.revocation_date),
    reason: String(row.revocation_reason) as CrlReason,
    invalidityDate: row.invalidity_date === null ? null : date(row.invalidity_date),
  };
}

export function authorityOf(row: Row): AuthorityRecord {
  return {
    id: String(row.id),
    role: String(row.role) as AuthorityRecord['role'],
    certificate: octets(row.certificate),
    serialNumber: String(row.serial_number),
    reservedSerial: String(row.reserved_serial),
    nextUpdateSeconds: Number(row.next_update_seconds),
  };
}

function listOf(value: SqliteValue | undefined): string[] {
  try {
    return JSON.parse(String(value)) as string[];
  } catch (cause) {
    throw new SslapiError(
      'ERR_STORE_DAMAGED',
      'the store is damaged (the names of a certificate cannot be read)',
      {
        cause,
      },
    );
  }
}

/** The octets of a blob, which libsql gives as an ArrayBuffer. */
function octets(value: unknown): Uint8Array {
  return new Uint8Array(value as ArrayBuffer);
}

/** Milliseconds since 1970 as a moment. */
export function date(value: SqliteValue | undefined): Date {
  return new Date(Number(value));
}

export function text(value: SqliteValue): string | null {
  return value === null ? null : String(value);
}
