import {
  isEncrypted,
  openPrivateKey,
  type PrivateKeyFile,
  privateKeyOfPem,
  subjectPublicKeyInfoOf,
} from '../keys/private-key.js';
import type { ForeignFile } from '../store/foreign-folder.js';
import type { PkiFolder } from '../store/pki-folder.js';
import type { CertificateRecord, RevokedSerial, Store, StoreTransaction } from '../store/store.js';
import { parseCertificate } from '../x509/certificate.js';
import { sameBytes } from '../x509/der.js';
import { crlNumberOf } from '../x509/extensions/crl-number.js';
import { formatName } from '../x509/name.js';
import { decodePem, encodePem } from '../x509/pem.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { appendEvent, authorityOf } from './authority-context.js';
import { certificateStatus } from './certificate-view.js';
import { NEXT_UPDATE_SECONDS, writeFirstCrls } from './generate-crl.js';
import type { ImportOptions, ImportPlan } from './import-authority.js';
import { latin1 } from './import-source.js';
import type { ImportedAuthority } from './imported-authorities.js';
import { revocationsOn } from './imported-certificates.js';
import { leafFilesToWrite } from './leaf-files.js';
import { newestOfNames } from './renewable.js';
import { reservedRecord } from './reserved-record.js';
import { recordOf } from './sign-certificate.js';

/** What came of an import. */
export interface WrittenImport {
  readonly valid: number;
  readonly revoked: number;
  readonly expired: number;
  /** Certificates whose key came with them, so that their files are written. */
  readonly withKey: number;
  /** CAs whose serial number a certificate below them has, and that the store can't hold for it. */
  readonly authoritiesWithoutRecord: readonly string[];
}

/** Writes the key, the records in one transaction, the files and CRLs; `ready` is the last thing written. */
export async function writeImport(
  options: ImportOptions,
  folder: PkiFolder,
  plan: ImportPlan,
): Promise<WrittenImport> {
  const store = await folder.create();
  try {
    folder.writeFiles([{ path: 'private/issuing.key', content: plan.storedKey, mode: 0o600 }]);
    const authoritiesWithoutRecord = await record(options, store, plan);
    const pems = plan.authorities.map(({ certificate }) => encodePem('CERTIFICATE', certificate.der));
    const foreignCrls = plan.authorities.filter(({ role, crl }) => crl !== null && !plan.signers.has(role));
    folder.writeFiles([
      { path: 'ca.crt', content: pems[0]!, mode: 0o644 },
      { path: 'ca-chain.crt', content: pems.toReversed().join(''), mode: 0o644 },
      ...foreignCrls.map(({ role, crl }) => ({
        path: `crl/${role}.crl`,
        content: crl!.der,
        mode: 0o644 as const,
      })),
    ]);
    await writeFirstCrls(folder, store, options, plan.signers);
    const now = (options.now ?? (() => new Date()))();
    const withKey = await writeLeaves(folder, store, plan, now);
    await store.transaction((transaction) => transaction.setSetting('ready', 'true'));
    const count = (status: string) =>
      plan.certificates.records.filter((one) => certificateStatus(one, now) === status).length;
    return {
      valid: count('valid'),
      revoked: count('revoked'),
      expired: count('expired'),
      withKey,
      authoritiesWithoutRecord,
    };
  } finally {
    await store.close();
  }
}

async function record(options: ImportOptions, store: Store, plan: ImportPlan): Promise<string[]> {
  const { authorities, certificates } = plan;
  const context = {
    now: options.now ?? (() => new Date()),
    actor: options.actor ?? `process ${process.pid}`,
  };
  const taken = new Set(certificates.records.map(({ serialNumber }) => serialNumber));
  return store.transaction(async (transaction) => {
    const withoutRecord: string[] = [];
    for (const authority of authorities) {
      const reserved = await recordAuthority(options, transaction, authority, context.now());
      const own = serialNumberHex(authority.certificate.serialNumber);
      if (taken.has(own)) withoutRecord.push(authority.role);
      else await transaction.insertCertificate(ownRecord(plan, authority));
      taken.add(own);
      await appendEvent(context, transaction, 'imported-ca', own, {
        role: authority.role,
        subject: formatName(authority.certificate.subject),
        ...(authority.role === 'issuing' && { certificates: certificates.records.length }),
      });
      await appendEvent(context, transaction, 'reserved', reserved, { role: authority.role });
    }
    for (const one of certificates.records) await transaction.insertCertificate(one);
    await transaction.continueCrlNumbers('issuing', plan.lastCrlNumber);
    if (authorities.length === 2) await recordRootCrl(plan, transaction, authorities[0]!, taken);
    for (const key of ['crlUrl', 'ocspUrl', 'issuerUrl'] as const) {
      const url = options[key];
      if (url !== undefined) await transaction.setSetting(key, url);
    }
    return withoutRecord;
  });
}

/** Gives the serial number that is reserved for it. */
async function recordAuthority(
  options: ImportOptions,
  transaction: StoreTransaction,
  { role, certificate, crl }: ImportedAuthority,
  now: Date,
): Promise<string> {
  const wished = role === 'root' ? options.rootNextUpdateSeconds : options.nextUpdateSeconds;
  const usual = crl?.nextUpdate ? (crl.nextUpdate.getTime() - crl.thisUpdate.getTime()) / 1000 : 0;
  const reserved = reservedRecord(role, certificate, now);
  await transaction.insertAuthority({
    id: role,
    role,
    certificate: certificate.der,
    serialNumber: serialNumberHex(certificate.serialNumber),
    reservedSerial: reserved.serialNumber,
    nextUpdateSeconds: wished ?? (usual > 0 ? usual : NEXT_UPDATE_SECONDS[role]),
  });
  await transaction.insertCertificate(reserved);
  return reserved.serialNumber;
}

/** The CA's own certificate, revoked where its root says so. */
function ownRecord({ authorities }: ImportPlan, { role, certificate }: ImportedAuthority): CertificateRecord {
  const [top] = authorities;
  const kept = { authorityId: top!.role, name: `${role}.ca`, profile: role, delivered: true, folder: null };
  const revocation =
    role === top!.role || top!.crl === null
      ? undefined
      : revocationsOn(top!.crl).get(serialNumberHex(certificate.serialNumber));
  return { ...recordOf(certificate, kept, []), revocation: revocation ?? null };
}

/** What the root revoked stays revoked when its key comes back to sign the next one. */
async function recordRootCrl(
  { signers, authorities }: ImportPlan,
  transaction: StoreTransaction,
  { crl }: ImportedAuthority,
  taken: ReadonlySet<string>,
): Promise<void> {
  if (crl === null) return;
  const number = crlNumberOf(crl) ?? 0n;
  await transaction.continueCrlNumbers('root', number);
  if (!signers.has('root'))
    await transaction.recordCrl('root', {
      number,
      thisUpdate: crl.thisUpdate,
      nextUpdate: crl.nextUpdate ?? crl.thisUpdate,
    });
  const own = serialNumberHex(authorities.at(-1)!.certificate.serialNumber);
  const ownIsKept = (await transaction.certificate(own))?.name === 'issuing.ca';
  for (const [serialNumber, revocation] of revocationsOn(crl)) {
    const entry: RevokedSerial = { serialNumber, ...revocation };
    if (!(ownIsKept && taken.has(own) && serialNumber === own))
      await transaction.insertCrlEntry('root', entry);
  }
}

/** Files for what lives and has its key beside it; of the rest the store has the certificate. */
async function writeLeaves(
  folder: PkiFolder,
  store: Store,
  { certificates, keyOf }: ImportPlan,
  now: Date,
): Promise<number> {
  const authorities = (await store.read((read) => read.authorities())).map(authorityOf);
  const context = {
    issuing: authorities.find(({ role }) => role === 'issuing')!,
    root: authorities.find(({ role }) => role === 'root') ?? null,
  };
  let written = 0;
  for (const one of newestOfNames(certificates.records, now)) {
    const file = certificateStatus(one, now) === 'valid' ? keyOf(one.serialNumber) : null;
    const pem = file && (await keyPem(file, one));
    if (pem === null) continue;
    folder.replaceIssued(one.name, leafFilesToWrite(context, one, pem), one.serialNumber);
    written += 1;
  }
  return written;
}

/** The key as it is, encrypted or not; null where it is none, or another's. */
async function keyPem(file: ForeignFile, { certificate }: CertificateRecord): Promise<string | null> {
  try {
    for (const block of decodePem(latin1(file))) {
      const found = privateKeyOfPem(block);
      if (found !== null)
        return (await fits(found, certificate!)) ? (found.pem ?? encodePem(block.label, block.der)) : null;
    }
  } catch {
    // Torn or of an unknown kind: it stays where it is.
  }
  return null;
}

async function fits(file: PrivateKeyFile, certificate: Uint8Array): Promise<boolean> {
  if (isEncrypted(file)) return true;
  const expected = parseCertificate(certificate).subjectPublicKeyInfo.der;
  return sameBytes(subjectPublicKeyInfoOf(await openPrivateKey(file)), expected);
}
