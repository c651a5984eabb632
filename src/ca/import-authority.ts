import { SslapiError } from '../errors.js';
import type { Passphrase } from '../keys/passphrase.js';
import { isEncrypted, openPrivateKey, privateKeyPem, subjectPublicKeyInfoOf } from '../keys/private-key.js';
import { type Signer, softwareSigner } from '../keys/signer.js';
import type { ForeignFile } from '../store/foreign-folder.js';
import { PkiFolder } from '../store/pki-folder.js';
import { sameBytes } from '../x509/der.js';
import { crlNumberOf } from '../x509/extensions/crl-number.js';
import { keyUsageOf } from '../x509/extensions/key-usage.js';
import { formatName } from '../x509/name.js';
import type { OfflineRootKey } from './authority-context.js';
import { readKeyFile } from './authority-context.js';
import { CertificateAuthority } from './certificate-authority.js';
import { type ImportMaterial, type ImportSource, importMaterial, latin1 } from './import-source.js';
import { type ImportedAuthority, importedAuthorities, inFile } from './imported-authorities.js';
import { type ImportedCertificates, importedCertificates } from './imported-certificates.js';
import { readIndexTxt } from './read-index-txt.js';
import { refuseWhereOneIs } from './refuse-where-one-is.js';
import type { PublishedUrls } from './sign-certificate.js';
import { type WrittenImport, writeImport } from './write-import.js';

export interface ImportOptions extends PublishedUrls {
  readonly pki?: string;
  readonly from: ImportSource;
  /** Opens the key that is imported; asked for where it is encrypted. */
  readonly sourcePassphrase?: () => Promise<Passphrase>;
  /** What encrypts the key in our folder; null leaves it in clear. Asked for once everything else is read. */
  readonly passphrase: () => Promise<Passphrase | null>;
  /** Signs the root's CRL at once; it is not kept. */
  readonly rootKey?: OfflineRootKey;
  /** By default what the imported CRL was good for. */
  readonly nextUpdateSeconds?: number;
  readonly rootNextUpdateSeconds?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly now?: () => Date;
  readonly actor?: string;
}

export interface ImportedAuthorities {
  readonly ca: CertificateAuthority;
  /** How many certificates there are now, and how many keys came with them. */
  readonly counts: WrittenImport;
  readonly notices: readonly string[];
}

/** All that an import writes, read and found to fit together. */
export interface ImportPlan {
  /** Root first. */
  readonly authorities: readonly ImportedAuthority[];
  readonly signers: ReadonlyMap<string, Signer>;
  /** The issuing CA's key as it is stored. */
  readonly storedKey: string;
  /** The last number that the tool before us gave a CRL of the issuing CA. */
  readonly lastCrlNumber: bigint;
  readonly certificates: ImportedCertificates;
  readonly keyOf: ImportMaterial['keyOf'];
}

/** Brings in a CA that another tool made, with what it issued and revoked. Everything is read before anything is written,
 *  and what a crash leaves unfinished is imported anew.
 *  @throws SslapiError ERR_CA_EXISTS, ERR_IMPORT_INVALID, ERR_KEY_MISMATCH, ERR_PASSWORD_WRONG … */
export async function importAuthority(options: ImportOptions): Promise<ImportedAuthorities> {
  const folder = new PkiFolder(options.pki ?? './pki');
  const holdsSomething = folder.holdsStore || folder.read('ca.crt') !== null || folder.readKey('ca') !== null;
  if (holdsSomething) await underLock(folder, () => refuseForImport(folder));
  const plan = await planImport(options);
  const counts = await underLock(folder, async () => {
    await refuseForImport(folder);
    return writeImport(options, folder, plan);
  });
  const ca = await CertificateAuthority.open({
    pki: folder.path,
    ...(options.now && { now: options.now }),
    ...(options.actor && { actor: options.actor }),
  });
  return { ca, counts, notices: noticesOf(plan, counts, (options.now ?? (() => new Date()))()) };
}

async function underLock<T>(folder: PkiFolder, work: () => Promise<T>): Promise<T> {
  const lock = await folder.lockForCreation();
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** easy-rsa calls its folder `pki` as we do. */
async function refuseForImport(folder: PkiFolder): Promise<void> {
  try {
    await refuseWhereOneIs(folder);
  } catch (error) {
    if (!(error instanceof SslapiError) || error.code !== 'ERR_CA_EXISTS' || folder.holdsStore) throw error;
    throw new SslapiError(error.code, error.message, {
      hint: 'Import it into a folder of its own: `--pki DIR`; the old one stays as it is.',
      cause: error,
    });
  }
}

async function planImport(options: ImportOptions): Promise<ImportPlan> {
  const now = (options.now ?? (() => new Date()))();
  const material = importMaterial(options.from);
  const key = await openImportedKey(material.key, options.sourcePassphrase);
  const authorities = importedAuthorities(material, subjectPublicKeyInfoOf(key));
  const issuing = authorities.at(-1)!;
  const { index } = material;
  const entries = index === null ? [] : readIndexTxt(Buffer.from(index.bytes).toString('utf8'), index.path);
  const signers = new Map([['issuing', softwareSigner(key)]]);
  if (options.rootKey !== undefined) signers.set('root', await rootSigner(options.rootKey, authorities));
  const lastCrlNumber = lastNumberOf(material.crlNumber, issuing);
  const certificates = await importedCertificates(
    material,
    entries,
    issuing.certificate,
    issuing.crl,
    now,
    authorities.map(({ role }) => `${role}.ca`),
    options.onProgress,
  );
  const storedKey = await privateKeyPem(key, await options.passphrase());
  return { authorities, signers, storedKey, lastCrlNumber, certificates, keyOf: material.keyOf };
}

async function openImportedKey(
  file: ForeignFile,
  passphrase: (() => Promise<Passphrase>) | undefined,
): ReturnType<typeof openPrivateKey> {
  const found = await readKeyFile(file.bytes).catch(() => null);
  if (found === null) throw new SslapiError('ERR_KEY_UNREADABLE', `${file.path} holds no private key`);
  if (isEncrypted(found) && passphrase === undefined)
    throw new SslapiError('ERR_PASSWORD_NEEDED', `the key in ${file.path} is encrypted`, {
      hint: SOURCE_HINT,
    });
  return openPrivateKey(found, isEncrypted(found) ? await passphrase!() : undefined);
}

async function rootSigner(
  { key, passphrase }: OfflineRootKey,
  [root]: readonly ImportedAuthority[],
): Promise<Signer> {
  if (root?.role !== 'root')
    throw new SslapiError('ERR_USAGE', 'the CA signed itself: there is no root above it', {
      hint: 'Leave out --root-key.',
    });
  const opened = await openImportedKey({ path: 'the root key', bytes: key }, passphrase);
  if (sameBytes(subjectPublicKeyInfoOf(opened), root.certificate.subjectPublicKeyInfo.der))
    return softwareSigner(opened);
  throw new SslapiError(
    'ERR_KEY_MISMATCH',
    `the root key is not that of ${formatName(root.certificate.subject)}`,
    { hint: 'Give the right one with --root-key, or leave it out; nothing was imported.' },
  );
}

/** What comes next minus one, or what the CRL itself has: whichever is more. */
function lastNumberOf(file: ForeignFile | null, { crl }: ImportedAuthority): bigint {
  const published = (crl && crlNumberOf(crl)) ?? 0n;
  if (file === null) return published;
  const text = latin1(file).trim();
  if (!/^[0-9a-f]{1,40}$/i.test(text))
    throw new SslapiError(
      'ERR_IMPORT_INVALID',
      `${file.path} holds "${text.slice(0, 40)}", which is no number of a CRL`,
    );
  const next = inFile(file, () => BigInt(`0x${text}`));
  return next - 1n > published ? next - 1n : published;
}

function noticesOf(
  { authorities, certificates, signers }: ImportPlan,
  { authoritiesWithoutRecord }: WrittenImport,
  now: Date,
): string[] {
  const { withoutCertificate, contradictions } = certificates;
  const issuing = authorities.at(-1)!.certificate;
  const usages = keyUsageOf(issuing);
  return [
    ...(withoutCertificate.length === 0
      ? []
      : [
          `${counted(withoutCertificate)} found as no whole certificate of this CA: kept as the index has ${withoutCertificate.length === 1 ? 'it' : 'them'}`,
        ]),
    ...(contradictions.length === 0
      ? []
      : [`${counted(contradictions)} valid in the index and revoked on the CRL: kept revoked`]),
    ...authoritiesWithoutRecord.map(
      (role) =>
        `the ${role} CA's own serial number is that of another certificate here: \`revoke\` and \`list\` do not know the CA itself`,
    ),
    ...(issuing.validity.notAfter < now ? ['the CA has expired: it can sign nothing that is valid'] : []),
    ...(usages !== undefined && !usages.has('cRLSign')
      ? ["the CA's keyUsage lacks cRLSign: many programs refuse its CRLs"]
      : []),
    ...(authorities.length === 2 && authorities[0]!.crl === null && !signers.has('root')
      ? [
          'there is no CRL of the root: servers that check the whole chain need one; `sslapi gen-crl --root-key FILE` makes it',
        ]
      : []),
  ];
}

function counted(serials: readonly string[]): string {
  const shown = serials.slice(0, 3).join(', ');
  const more = serials.length > 3 ? ` and ${serials.length - 3} more` : '';
  return serials.length === 1 ? `serial ${shown} is` : `serials ${shown}${more} are`;
}

const SOURCE_HINT = 'Give --source-password-file FILE, or run it on a terminal.';
