import { join } from 'node:path';
import type { PkiFolder } from '../store/pki-folder.js';
import type { CertificateRecord } from '../store/store.js';
import { isoSeconds } from '../x509/whole-seconds.js';

/** Where the files of a certificate lie, as absolute paths. */
export interface CertificateFiles {
  readonly cert: string;
  readonly chain: string;
  readonly fullchain: string;
  /** Absent where the key is another's: a signed request. */
  readonly privkey?: string;
  /** The PKCS#12 file, where one was asked for as it was issued. */
  readonly p12?: string;
}

export type CertificateStatus = 'valid' | 'revoked' | 'expired';

/** A certificate as every command prints it in JSON. */
export interface CertificateView {
  readonly name: string;
  readonly profile: string;
  readonly serialNumber: string;
  readonly subject: string;
  readonly issuer: string;
  readonly subjectAltName: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  readonly fingerprint256: string;
  readonly status: CertificateStatus;
  readonly revocationDate?: string;
  readonly revocationReason?: string;
  readonly files?: CertificateFiles;
}

/** Both ends of the validity are inclusive; a revocation outranks the end. */
export function certificateStatus(
  record: Pick<CertificateRecord, 'revocation' | 'notAfter'>,
  now: Date,
): CertificateStatus {
  if (record.revocation !== null) return 'revoked';
  return record.notAfter < now ? 'expired' : 'valid';
}

export function certificateView(
  record: CertificateRecord,
  now: Date,
  files?: CertificateFiles,
): CertificateView {
  const { revocation } = record;
  return {
    name: record.name,
    profile: record.profile,
    serialNumber: record.serialNumber,
    subject: record.subject,
    issuer: record.issuer,
    subjectAltName: record.subjectAltName,
    notBefore: isoSeconds(record.notBefore),
    notAfter: isoSeconds(record.notAfter),
    keyType: record.keyType,
    signatureAlgorithm: record.signatureAlgorithm,
    fingerprint256: record.fingerprint256,
    status: certificateStatus(record, now),
    ...(revocation && {
      revocationDate: isoSeconds(revocation.revocationDate),
      revocationReason: revocation.reason,
    }),
    ...(files && { files }),
  };
}

/** Where the files of a record lie, or would. */
export function filesOf(
  folder: PkiFolder,
  { name, folder: elsewhere }: Pick<CertificateRecord, 'name' | 'folder'>,
  hasKey = true,
): CertificateFiles {
  const base = elsewhere ?? folder.at('issued', name);
  return {
    cert: join(base, 'cert.pem'),
    chain: join(base, 'chain.pem'),
    fullchain: join(base, 'fullchain.pem'),
    ...(hasKey && { privkey: join(base, 'privkey.pem') }),
  };
}
