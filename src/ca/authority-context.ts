import { EXIT, SslapiError } from '../errors.js';
import type { Passphrase } from '../keys/passphrase.js';
import {
  isEncrypted,
  openPrivateKey,
  type PrivateKeyFile,
  privateKeyOfDer,
  privateKeyOfPem,
  subjectPublicKeyInfoOf,
} from '../keys/private-key.js';
import { type Signer, softwareSigner } from '../keys/signer.js';
import type { PkiFolder } from '../store/pki-folder.js';
import type { AuthorityRecord, Store, StoreTransaction } from '../store/store.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { sameBytes } from '../x509/der.js';
import { subjectKeyIdentifierOf } from '../x509/extensions/subject-key-identifier.js';
import { keyIdentifierOf } from '../x509/fingerprint.js';
import { decodePem, looksLikePem } from '../x509/pem.js';

/** A CA of the PKI with its certificate read. */
export interface Authority extends AuthorityRecord {
  readonly parsed: Certificate;
}

/** The key of the root, brought for one command from where it is kept. */
export interface OfflineRootKey {
  /** PEM or DER. */
  readonly key: Uint8Array;
  readonly passphrase?: () => Promise<Passphrase>;
}

/** What every operation works with. */
export interface AuthorityContext {
  readonly folder: PkiFolder;
  readonly store: Store;
  /** Root first, where there are two. */
  readonly authorities: readonly Authority[];
  readonly issuing: Authority;
  readonly root: Authority | null;
  readonly now: () => Date;
  /** Who acts, for the events. */
  readonly actor: string;
  /** Asked for once, when an encrypted key is about to sign. */
  readonly passphrase: () => Promise<Passphrase>;
  readonly rootKey: OfflineRootKey | undefined;
  readonly signers: Map<string, Promise<Signer>>;
}

/** Opens the key of a CA, once; the other keys stay closed.
 *  @throws SslapiError ERR_ROOT_KEY_OFFLINE, ERR_PASSWORD_WRONG, ERR_KEY_MISMATCH, ERR_KEY_UNREADABLE */
export function signerOf(context: AuthorityContext, authority: Authority): Promise<Signer> {
  const known = context.signers.get(authority.id);
  if (known !== undefined) return known;
  const signer = openSigner(context, authority);
  context.signers.set(authority.id, signer);
  return signer;
}

/** Whether the key of that CA can be had at all. */
export function hasKey({ folder, rootKey }: AuthorityContext, { role }: Authority): boolean {
  return (role === 'root' && rootKey !== undefined) || folder.readKey(role) !== null;
}

/** Writes down what happened, inside the transaction in which it does. */
export function appendEvent(
  { now, actor }: Pick<AuthorityContext, 'now' | 'actor'>,
  transaction: StoreTransaction,
  what: string,
  serialNumber: string | null,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  return transaction.appendEvent({ at: now(), who: actor, what, serialNumber, details });
}

export function authorityOf(record: AuthorityRecord): Authority {
  return { ...record, parsed: parseCertificate(record.certificate) };
}

/** How a CA's certificate calls its key: what it signs has to name it so (RFC 5280 §4.2.1.1), and other tools hash otherwise. */
export function keyIdentifierIn(parsed: Certificate): Uint8Array {
  return subjectKeyIdentifierOf(parsed) ?? keyIdentifierOf(parsed.subjectPublicKeyInfo.der);
}

/** Opens the key of a CA and sees that it is that. @throws as `signerOf` */
export async function openAuthorityKey(
  context: AuthorityContext,
  authority: Authority,
): ReturnType<typeof openPrivateKey> {
  const { path, bytes, passphrase } = keyOf(context, authority);
  const key = await openKey(path, bytes, passphrase);
  if (!sameBytes(subjectPublicKeyInfoOf(key), authority.parsed.subjectPublicKeyInfo.der))
    throw new SslapiError('ERR_KEY_MISMATCH', `${path} is not the key of the ${authority.role} CA`);
  return key;
}

async function openSigner(context: AuthorityContext, authority: Authority): Promise<Signer> {
  const key = await openAuthorityKey(context, authority);
  return softwareSigner(key, subjectPublicKeyInfoOf(key));
}

async function openKey(
  path: string,
  bytes: Uint8Array,
  passphrase: () => Promise<Passphrase>,
): ReturnType<typeof openPrivateKey> {
  const unreadable = (cause: unknown): never => {
    if (cause instanceof SslapiError && cause.exitCode === EXIT.couldNot) throw cause;
    throw new SslapiError('ERR_KEY_UNREADABLE', `${path} cannot be read`, { cause });
  };
  const file = await readKeyFile(bytes).catch(unreadable);
  if (file === null) throw new SslapiError('ERR_KEY_UNREADABLE', `${path} holds no private key`);
  const secret = isEncrypted(file) ? await passphrase() : undefined;
  return openPrivateKey(file, secret).catch(unreadable); // torn or garbage: not given wrongly, it lies in the PKI
}

interface KeyBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly passphrase: () => Promise<Passphrase>;
}

function keyOf(context: AuthorityContext, { role }: Authority): KeyBytes {
  const { folder, rootKey } = context;
  if (role === 'root' && rootKey !== undefined) {
    return { path: 'the root key', bytes: rootKey.key, passphrase: rootKey.passphrase ?? context.passphrase };
  }
  const path = folder.at('private', `${role}.key`);
  const bytes = folder.readKey(role);
  if (bytes !== null) return { path, bytes, passphrase: context.passphrase };
  if (role === 'root')
    throw new SslapiError('ERR_ROOT_KEY_OFFLINE', `the key of the root is not in ${folder.at('private')}`);
  throw new SslapiError('ERR_KEY_UNREADABLE', `${path} is missing`, {
    hint: 'Restore it from a backup; nothing can be signed without it.',
  });
}

/** The first private key in PEM or DER; null where there is none. */
export async function readKeyFile(bytes: Uint8Array): Promise<PrivateKeyFile | null> {
  const text = Buffer.from(bytes).toString('latin1');
  if (!looksLikePem(text)) return privateKeyOfDer(bytes);
  return (
    decodePem(text)
      .map(privateKeyOfPem)
      .find((file) => file !== null) ?? null
  );
}
