import { join, relative } from 'node:path';
import { SslapiError } from '../errors.js';
import { generateKey } from '../keys/generate-key.js';
import { type KeyType, parseKeyType } from '../keys/key-type.js';
import type { Passphrase } from '../keys/passphrase.js';
import { encryptPkcs8 } from '../keys/pkcs8.js';
import {
  isEncrypted,
  openPrivateKey,
  type PrivateKeyFile,
  privateKeyOfPem,
  subjectPublicKeyInfoOf,
} from '../keys/private-key.js';
import type { CertificateRecord } from '../store/store.js';
import { parseCertificate } from '../x509/certificate.js';
import { sameBytes } from '../x509/der.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { decodePem, encodePem, type PemBlock } from '../x509/pem.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import type { AuthorityContext } from './authority-context.js';
import { type CertificateFiles, type CertificateView, certificateView, filesOf } from './certificate-view.js';
import { whoDoesNotRead } from './export-certificate.js';
import type { CrlOutcome } from './generate-crl.js';
import { deliver } from './issue.js';
import { pkcs12File, stalePkcs12 } from './pkcs12-file.js';
import type { LeafProfileName } from './profiles.js';
import { newestOfNames } from './renewable.js';
import { revokeCertificates } from './revoke.js';
import { recordOf } from './sign-certificate.js';
import { signLeaf } from './sign-leaf.js';
import { storedCertificate } from './stored-certificate.js';
import { BACKDATE_MS } from './validity-period.js';

/** How a certificate shall be renewed. */
export interface RenewWish {
  /** Makes a new key; without it the new certificate is for the old one. */
  readonly rekey?: boolean;
  /** What the new key shall be; the old one's type by default. */
  readonly keyType?: KeyType;
  /** Revokes what it stands in for (`superseded`), once the new one is delivered. */
  readonly revokeOld?: boolean;
  /** Opens the leaf's key where it is encrypted, and encrypts the new one; asked for only then. */
  readonly keyPassphrase?: () => Promise<Passphrase>;
  /** Writes NAME.p12 beside the other files, encrypted by this. */
  readonly exportPassword?: Passphrase;
  /** Does nothing where another process has renewed it meanwhile. @throws ERR_ALREADY_RENEWED */
  readonly once?: boolean;
}

export interface Renewed {
  readonly certificate: CertificateView;
  /** Serial number of the one before it. */
  readonly renews: string;
  readonly rekeyed: boolean;
  readonly files: CertificateFiles;
  readonly revoked: readonly CertificateView[];
  /** null where nothing was revoked. */
  readonly crls: CrlOutcome | null;
  readonly notices: readonly string[];
}

/** Makes a certificate of the same kind and lifetime, in the same line; the old one stays valid until it ends.
 *  @throws SslapiError ERR_KEY_ELSEWHERE, ERR_KEY_MISMATCH, ERR_ALREADY_RENEWED … : then nothing was changed */
export async function renewCertificate(
  context: AuthorityContext,
  base: CertificateRecord,
  wish: RenewWish = {},
): Promise<Renewed> {
  const old = storedCertificate(base);
  const keys = keyFileOf(context, base);
  const key = await keyFor(context, base, keys, wish);
  const names = subjectAltNameOf(old) ?? [];
  const leaf = {
    subject: old.subject,
    subjectAltName: names,
    subjectPublicKeyInfo: key.subjectPublicKeyInfo,
  };
  const profile = base.profile as LeafProfileName;
  const former = await context.store.read((read) => read.certificates({ name: base.name }));
  const validity = sameLifetime(base, former.at(-1) ?? base, context.now());
  const { der, notices } = await signLeaf(context, profile, leaf, validity);
  const kept = {
    authorityId: context.issuing.id,
    name: base.name,
    profile,
    line: base.line,
    delivered: false,
    folder: base.folder,
  };
  const record = recordOf(der, kept, names);
  const pkcs12 =
    wish.exportPassword && (await pkcs12File(context, record, await key.pkcs8(), wish.exportPassword));
  const { delivered, notices: told } = await deliver(context, record, {
    force: false,
    renews: base,
    ...(key.pem !== null && { privateKey: key.pem }),
    ...(pkcs12 && { pkcs12 }),
    agreed: (former) => checkStillThere(former, base, wish.once === true, context.now()),
  });
  const { revoked, crls } = await revokeOlder(context, delivered, wish.revokeOld === true);
  const files = {
    ...filesOf(context.folder, delivered, keys !== null || key.pem !== null),
    ...(pkcs12 && { p12: join(delivered.folder ?? context.folder.at('issued', base.name), pkcs12.path) }),
  };
  const bundle = wish.exportPassword
    ? whoDoesNotRead(delivered.keyType, wish.exportPassword)
    : stalePkcs12(context, delivered);
  return {
    certificate: certificateView(delivered, context.now(), files),
    renews: base.serialNumber,
    rekeyed: key.pem !== null,
    files,
    revoked,
    crls,
    notices: [...notices, ...told, ...bundle],
  };
}

/** The same span of seconds from now on, and begun later than any before, so that the newest is always the last in order. */
function sameLifetime({ notBefore, notAfter }: CertificateRecord, newest: CertificateRecord, now: Date) {
  const lifetime = notAfter.getTime() - notBefore.getTime();
  const backdate = lifetime > 2 * BACKDATE_MS ? BACKDATE_MS : 0;
  const usual = wholeSeconds(new Date(now.getTime() - backdate)).getTime();
  const later = newest.notBefore.getTime() + 1000;
  const begin = notBefore > now ? later : Math.max(usual, Math.min(later, wholeSeconds(now).getTime()));
  return { notBefore: new Date(begin), notAfter: new Date(begin + lifetime) };
}

interface KeyFile {
  readonly path: string;
  readonly file: PrivateKeyFile;
}

interface LeafKey {
  readonly subjectPublicKeyInfo: Uint8Array;
  /** To be written; null where the key stays as it lies there. */
  readonly pem: string | null;
  /** PrivateKeyInfo in clear. */
  readonly pkcs8: () => Promise<Uint8Array>;
}

async function keyFor(
  context: AuthorityContext,
  base: CertificateRecord,
  keys: KeyFile | null,
  wish: RenewWish,
): Promise<LeafKey> {
  if (keys === null && (wish.rekey === true || wish.exportPassword !== undefined)) throw keyElsewhere(base);
  return wish.rekey === true ? newKey(base, keys!, wish) : sameKey(context, base, keys, wish);
}

async function newKey(base: CertificateRecord, { file }: KeyFile, wish: RenewWish): Promise<LeafKey> {
  const passphrase = isEncrypted(file) ? await (wish.keyPassphrase ?? needsPassword)() : undefined;
  if (passphrase !== undefined) await openPrivateKey(file, passphrase); // mistyped, it would close the new key for ever
  const { subjectPublicKeyInfo, pkcs8 } = await generateKey(wish.keyType ?? keyTypeOf(base));
  return {
    subjectPublicKeyInfo,
    pem:
      passphrase === undefined
        ? encodePem('PRIVATE KEY', pkcs8)
        : encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(pkcs8, passphrase)),
    pkcs8: () => Promise.resolve(pkcs8),
  };
}

/** The key that the certificate was for; what lies there must be that one, else the pair would no longer match. */
async function sameKey(
  context: AuthorityContext,
  base: CertificateRecord,
  keys: KeyFile | null,
  wish: RenewWish,
): Promise<LeafKey> {
  const { der: subjectPublicKeyInfo } = storedCertificate(base).subjectPublicKeyInfo;
  const open = async (file: PrivateKeyFile) =>
    openPrivateKey(file, isEncrypted(file) ? await (wish.keyPassphrase ?? needsPassword)() : undefined);
  const there =
    keys === null
      ? null
      : isEncrypted(keys.file)
        ? publicKeyBeside(context, base)
        : subjectPublicKeyInfoOf(await open(keys.file));
  if (there !== null && !sameBytes(there, subjectPublicKeyInfo))
    throw new SslapiError('ERR_KEY_MISMATCH', `${keys?.path} is not the key of serial ${base.serialNumber}`, {
      hint: `Nothing was changed. \`sslapi renew ${base.name} --rekey\` makes a new key and certificate.`,
    });
  return {
    subjectPublicKeyInfo,
    pem: null,
    pkcs8: async () => (await open(keys!.file)).export({ type: 'pkcs8', format: 'der' }),
  };
}

/** The public key in the certificate that lies beside an encrypted key. */
function publicKeyBeside(context: AuthorityContext, base: CertificateRecord): Uint8Array | null {
  const [block] = pemIn(context, filesOf(context.folder, base).cert);
  return block?.label === 'CERTIFICATE' ? parseCertificate(block.der).subjectPublicKeyInfo.der : null;
}

function keyFileOf(context: AuthorityContext, base: CertificateRecord): KeyFile | null {
  const path = filesOf(context.folder, base).privkey!;
  if (readAt(context, path) === null) return null;
  const file = pemIn(context, path)
    .map(privateKeyOfPem)
    .find((one) => one !== null);
  if (file) return { path, file };
  throw new SslapiError('ERR_KEY_UNREADABLE', `${path} holds no private key`);
}

function pemIn(context: AuthorityContext, path: string): PemBlock[] {
  return decodePem(Buffer.from(readAt(context, path) ?? []).toString('latin1'));
}

/** Also of files that `--out` put elsewhere. */
function readAt({ folder }: AuthorityContext, path: string): Uint8Array | null {
  return folder.read(relative(folder.path, path));
}

/** Under the lock of its NAME: nobody has revoked it or, for those who want one renewal only, renewed it. */
function checkStillThere(
  former: readonly CertificateRecord[],
  { serialNumber, name }: CertificateRecord,
  once: boolean,
  now: Date,
): void {
  const own = former.find((one) => one.serialNumber === serialNumber);
  if (own === undefined || own.revocation !== null)
    throw new SslapiError('ERR_NOT_RENEWABLE', `"${name}" (serial ${serialNumber}) was revoked meanwhile`);
  const [newest] = newestOfNames(former, now);
  if (once && newest?.serialNumber !== serialNumber)
    throw new SslapiError('ERR_ALREADY_RENEWED', `"${name}" has a newer certificate already`);
}

async function revokeOlder(
  context: AuthorityContext,
  { name, line, serialNumber }: CertificateRecord,
  wished: boolean,
): Promise<{ revoked: readonly CertificateView[]; crls: CrlOutcome | null }> {
  if (!wished) return { revoked: [], crls: null };
  const now = context.now();
  const older = (await context.store.read((read) => read.certificates({ name, line }))).filter(
    (one) => one.serialNumber !== serialNumber && one.revocation === null && one.notAfter >= now,
  );
  if (older.length === 0) return { revoked: [], crls: null };
  return revokeCertificates(context, older, { reason: 'superseded' });
}

function keyTypeOf({ keyType, name }: CertificateRecord): KeyType {
  try {
    return parseKeyType(keyType);
  } catch (cause) {
    throw new SslapiError('ERR_KEY_TYPE_UNKNOWN', `"${name}" has a key of type ${keyType}`, {
      hint: 'Choose what the new one shall be with --key-type.',
      cause,
    });
  }
}

function keyElsewhere({ name, profile }: CertificateRecord): SslapiError {
  return new SslapiError('ERR_KEY_ELSEWHERE', `the key of "${name}" is not here: its owner has it`, {
    hint: `Without --rekey and --p12 the same key gets a new certificate. For a new key its owner makes a request, \`sslapi csr ${name}\`; sign it with \`sslapi sign-csr ${name}.csr --profile ${profile} --name ${name} --force\`.`,
  });
}

function needsPassword(): Promise<Passphrase> {
  return Promise.reject(
    new SslapiError('ERR_PASSWORD_NEEDED', 'the key of this certificate is encrypted', {
      hint: 'Give --key-password-file FILE, or run it on a terminal.',
    }),
  );
}
