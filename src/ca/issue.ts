import { join, resolve } from 'node:path';
import { SslapiError } from '../errors.js';
import { type GeneratedKey, generateKey } from '../keys/generate-key.js';
import { DEFAULT_KEY_TYPE, type KeyType } from '../keys/key-type.js';
import type { Passphrase } from '../keys/passphrase.js';
import { encryptPkcs8 } from '../keys/pkcs8.js';
import { replaceFilesTogether } from '../store/linked-files.js';
import type { CertificateRecord, ProfileName, StoreTransaction } from '../store/store.js';
import { type FileToWrite, refuseFilesInTheWay } from '../store/write-files.js';
import { type GeneralName, parseGeneralName, toDnsName } from '../x509/general-name.js';
import { parseIpAddress } from '../x509/ip-address.js';
import { commonNameOnly, type Name } from '../x509/name.js';
import { encodePem } from '../x509/pem.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import { type AuthorityContext, appendEvent, signerOf } from './authority-context.js';
import { certificateName } from './certificate-name.js';
import {
  type CertificateFiles,
  type CertificateView,
  certificateStatus,
  certificateView,
  filesOf,
} from './certificate-view.js';
import { completed } from './cut-short.js';
import { whoDoesNotRead } from './export-certificate.js';
import { generateCrls } from './generate-crl.js';
import { defaultKeyType, issuePolicyOf } from './issue-policy.js';
import { leafFiles, leafFilesToWrite } from './leaf-files.js';
import { pkcs12File, stalePkcs12 } from './pkcs12-file.js';
import { type LeafProfileName, PROFILES } from './profiles.js';
import { recordOf } from './sign-certificate.js';
import { signLeaf } from './sign-leaf.js';
import type { ValidityWish } from './validity-period.js';

/** What a certificate shall be like. */
export interface IssueWish extends ValidityWish {
  /** What it is for: the subject's commonName, and its NAME unless `name` gives another. */
  readonly commonName: string;
  readonly name?: string;
  readonly subject?: Name;
  /** Default for a server: the commonName, where it is a DNS name or an address; for a client: none. */
  readonly subjectAltName?: readonly GeneralName[];
  readonly keyType?: KeyType;
  /** Where the files go instead of issued/NAME. */
  readonly folder?: string;
  /** Encrypts the leaf's key, which is otherwise in clear for servers to read. */
  readonly encryptKey?: Passphrase;
  /** Writes NAME.p12 beside the other files, encrypted by this. */
  readonly exportPassword?: Passphrase;
  /** Replaces a live certificate of that NAME, which is revoked (`superseded`), and files that are in the way. */
  readonly force?: boolean;
}

export interface Issued {
  readonly certificate: CertificateView;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  /** The leaf and the issuing CA, PEM. */
  readonly fullchain: string;
  readonly files: CertificateFiles;
  /** What the user should know: a validity cut short, a certificate that was replaced. */
  readonly notices: readonly string[];
}

/** Makes a key and a certificate for it; the record is durable before a byte of it is written or returned. */
export async function issueLeaf(
  context: AuthorityContext,
  profile: LeafProfileName,
  wish: IssueWish,
): Promise<Issued> {
  const name = certificateName(wish.name ?? wish.commonName);
  const names = wish.subjectAltName ?? defaultNames(profile, wish.commonName);
  const [key] = await Promise.all([
    generateKey(wish.keyType ?? defaultKeyType(issuePolicyOf(context.folder), profile, DEFAULT_KEY_TYPE)),
    signerOf(context, context.issuing), // opens the CA's key meanwhile
  ]);
  const subject = wish.subject ?? commonNameOnly(wish.commonName);
  const { subjectPublicKeyInfo } = key;
  const leaf = { subject, subjectAltName: names, subjectPublicKeyInfo };
  const { der, validity, notices: cut } = await signLeaf(context, profile, leaf, wish);
  const privateKey = await keyPem(key, wish.encryptKey);
  const kept = {
    authorityId: context.issuing.id,
    name,
    profile,
    delivered: false,
    folder: wish.folder === undefined ? null : resolve(wish.folder),
  };
  const record = recordOf(der, kept, names);
  const pkcs12 = wish.exportPassword && (await pkcs12File(context, record, key.pkcs8, wish.exportPassword));
  const secrets = { privateKey, ...(pkcs12 && { pkcs12 }) };
  const { delivered, notices } = await deliver(context, record, { force: wish.force === true, ...secrets });
  const lifetime = tooLong(profile, validity.notAfter.getTime() - validity.notBefore.getTime());
  const files = {
    ...filesOf(context.folder, delivered),
    ...(pkcs12 && { p12: join(delivered.folder ?? context.folder.at('issued', name), pkcs12.path) }),
  };
  const bundle = wish.exportPassword
    ? whoDoesNotRead(delivered.keyType, wish.exportPassword)
    : stalePkcs12(context, delivered);
  return {
    certificate: certificateView(delivered, context.now(), files),
    privateKey,
    fullchain: leafFiles(context, delivered).fullchain,
    files,
    notices: [...cut, ...lifetime, ...bundle, ...notices],
  };
}

/** What a certificate is delivered with. */
export interface Delivery {
  /** Revokes what is live under that NAME. */
  readonly force: boolean;
  readonly privateKey?: string;
  readonly pkcs12?: FileToWrite;
  /** What it stands in for, in the same line: that stays valid. */
  readonly renews?: CertificateRecord;
  /** Looks, once nobody else is at that NAME, whether the certificate shall still be there; throws where not. */
  readonly agreed?: (former: readonly CertificateRecord[]) => void;
}

/** Records a certificate under the lock of its NAME, writes its files, and marks it delivered.
 *  What is live under that NAME is revoked (`superseded`): the orphan of a crash always, anything else by `force`.
 *  @throws SslapiError ERR_NAME_TAKEN, ERR_FILE_EXISTS: then nothing is recorded */
export async function deliver(
  context: AuthorityContext,
  record: CertificateRecord,
  { force, privateKey, pkcs12, renews, agreed }: Delivery,
): Promise<{ delivered: CertificateRecord; notices: string[] }> {
  const { folder, store } = context;
  const files = [...leafFilesToWrite(context, record, privateKey), ...(pkcs12 ? [pkcs12] : [])];
  const lock = await folder.lockForName(record.name);
  try {
    const replaced = await store.transaction(async (transaction) => {
      const now = context.now();
      const kept = await transaction.certificates({ name: record.name });
      const former = completed(context, kept);
      for (const one of former) if (!kept.includes(one)) await transaction.markDelivered(one.serialNumber);
      agreed?.(former);
      const live = former.filter((one) => certificateStatus(one, now) === 'valid');
      const inTheWay = live.filter(({ delivered, line }) => !delivered || line !== renews?.line);
      const taken = inTheWay.filter(({ delivered, profile }) => isCa(profile) || (delivered && !force));
      if (taken.length > 0) throw nameTaken(record.name, taken);
      const replaces = force || former.some((one) => one.folder === record.folder);
      if (record.folder !== null && !replaces) refuseFilesInTheWay(record.folder, files);
      for (const one of inTheWay) await supersede(context, transaction, one);
      await transaction.insertCertificate(record);
      await appendEvent(context, transaction, 'issued', record.serialNumber, {
        name: record.name,
        profile: record.profile,
        ...(renews && { renews: renews.serialNumber }),
      });
      return inTheWay;
    });
    writeLeaf(context, record, files);
    await store.transaction((transaction) => transaction.markDelivered(record.serialNumber));
    if (replaced.length > 0) await generateCrls(context, { of: [context.issuing] });
    return {
      delivered: { ...record, delivered: true },
      notices: replaced.map((one) => `revoked ${one.serialNumber} (superseded), which had this NAME before`),
    };
  } finally {
    lock.release();
  }
}

async function supersede(
  context: AuthorityContext,
  transaction: StoreTransaction,
  { serialNumber, delivered }: CertificateRecord,
): Promise<void> {
  await transaction.revoke(serialNumber, {
    revocationDate: wholeSeconds(context.now()),
    reason: 'superseded',
    invalidityDate: null,
  });
  await appendEvent(context, transaction, 'revoked', serialNumber, {
    reason: 'superseded',
    orphan: !delivered,
  });
}

function writeLeaf(
  { folder }: AuthorityContext,
  record: CertificateRecord,
  files: readonly FileToWrite[],
): void {
  if (record.folder !== null) replaceFilesTogether(record.folder, files, record.serialNumber);
  else folder.replaceIssued(record.name, files, record.serialNumber);
}

/** A CA's NAME is never free, not even by force: that would revoke the CA. */
function isCa(profile: ProfileName): boolean {
  return PROFILES[profile].ca;
}

async function keyPem({ pkcs8 }: GeneratedKey, passphrase: Passphrase | undefined): Promise<string> {
  return passphrase === undefined
    ? encodePem('PRIVATE KEY', pkcs8)
    : encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(pkcs8, passphrase));
}

function defaultNames(profile: LeafProfileName, commonName: string): GeneralName[] {
  if (profile === 'client') return [];
  if (parseIpAddress(commonName) === null && toDnsName(commonName) === null) {
    throw new SslapiError(
      'ERR_SAN_INVALID',
      `"${commonName}" is neither a DNS name nor an address, and there is no --san`,
    );
  }
  return [parseGeneralName(commonName)];
}

function nameTaken(name: string, taken: readonly CertificateRecord[]): SslapiError {
  const last = taken[taken.length - 1]!;
  return new SslapiError(
    'ERR_NAME_TAKEN',
    `"${name}" is taken by a live ${last.profile} certificate (serial ${last.serialNumber}, until ${last.notAfter.toISOString().slice(0, 10)})`,
  );
}

/** Platforms refuse server certificates of over 825 days, also under private roots. */
function tooLong(profile: LeafProfileName, lifetimeMs: number): string[] {
  const days = Math.floor(lifetimeMs / 86_400_000);
  return profile !== 'client' && days > 825
    ? [`${days} days are more than the 825 that Apple's and other platforms accept of a server`]
    : [];
}
