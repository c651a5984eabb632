import { dirname, relative } from 'node:path';
import { SslapiError } from '../errors.js';
import { isEncrypted, openPrivateKey, privateKeyOfPem, subjectPublicKeyInfoOf } from '../keys/private-key.js';
import type { CertificateRecord } from '../store/store.js';
import { parseCertificateList } from '../x509/certificate-list.js';
import { sameBytes } from '../x509/der.js';
import { crlNumberOf } from '../x509/extensions/crl-number.js';
import { decodePem } from '../x509/pem.js';
import type { AuthorityContext } from './authority-context.js';
import { filesOf } from './certificate-view.js';
import { leafFiles } from './leaf-files.js';
import { pathOf, readOrNull } from './pki-file.js';
import { storedCertificate } from './stored-certificate.js';

/** A file that is not as it should be. */
export interface FileFault {
  /** From the pki folder, or absolute where it lies elsewhere. */
  readonly name: string;
  readonly serialNumber: string | null;
  readonly reason: 'missing' | 'differs' | 'unreadable' | 'mode' | 'owner' | 'not-the-key';
}

/** Files on disk that differ from the store, and secrets that others could read. The files of a certificate may be
 *  deleted or kept elsewhere; those of the CA may not.
 *  @param newest the certificates whose files should lie there */
export async function fileFaults(
  context: AuthorityContext,
  newest: readonly CertificateRecord[],
): Promise<FileFault[]> {
  const faults = [...authorityFaults(context), ...secretFaults(context), ...(await crlFaults(context))];
  for (const record of newest) faults.push(...(await leafFaults(context, record)));
  return faults;
}

function authorityFaults(context: AuthorityContext): FileFault[] {
  const ders = context.authorities.map(({ parsed }) => parsed.der);
  return [
    ...contentFault(context, 'ca.crt', ders.slice(0, 1), null),
    ...contentFault(context, 'ca-chain.crt', ders.toReversed(), null),
  ];
}

/** The keys of the CAs, their folder and the store: for nobody but the owner of the pki folder. The root's may be away. */
function secretFaults({ folder, authorities }: AuthorityContext): FileFault[] {
  const owner = folder.accessOf()?.uid;
  const secrets = ['private', 'sslapi.db', ...authorities.map(({ role }) => `private/${role}.key`)];
  return secrets.flatMap((name) => {
    const access = folder.accessOf(name);
    if (access !== null) return accessFaults(name, access, owner, null);
    return name === 'private/issuing.key' && process.platform !== 'win32'
      ? [{ name, serialNumber: null, reason: 'missing' }]
      : [];
  });
}

/** Looked at again while nobody writes CRLs: between their files and their record they differ. */
async function crlFaults(context: AuthorityContext): Promise<FileFault[]> {
  const faults = await crlsThatDiffer(context);
  if (faults.length === 0) return [];
  const lock = await context.folder.lockForCrls();
  try {
    return await crlsThatDiffer(context);
  } finally {
    lock.release();
  }
}

async function crlsThatDiffer(context: AuthorityContext): Promise<FileFault[]> {
  const { authorities, folder, store } = context;
  const numbers = await store.read(async (read) => {
    const found: Array<bigint | undefined> = [];
    for (const { id } of authorities) found.push((await read.crlState(id))?.number);
    return found;
  });
  const ders = authorities.map(({ role }) => readOrNull(context, `crl/${role}.crl`));
  const single = authorities.flatMap(({ role }, index): FileFault[] => {
    const name = `crl/${role}.crl`;
    const der = ders[index] ?? null;
    if (der === null)
      return [{ name, serialNumber: null, reason: folder.accessOf(name) ? 'unreadable' : 'missing' }];
    return numberOf(der) === numbers[index] ? [] : [{ name, serialNumber: null, reason: 'differs' }];
  });
  if (single.length > 0) return single;
  const whole = ders.filter((der) => der !== null);
  return [
    ...contentFault(context, 'crl.pem', whole.slice(-1), null),
    ...contentFault(context, 'crl-chain.pem', whole.toReversed(), null),
  ];
}

function numberOf(der: Uint8Array): bigint | undefined {
  try {
    return crlNumberOf(parseCertificateList(der));
  } catch {
    return undefined;
  }
}

async function leafFaults(context: AuthorityContext, record: CertificateRecord): Promise<FileFault[]> {
  const files = filesOf(context.folder, record);
  const expected = leafFiles(context, record);
  const contents = (['cert', 'chain', 'fullchain'] as const).flatMap((what) =>
    contentFault(
      context,
      nameOf(context, files[what]),
      decodePem(expected[what]).map(({ der }) => der),
      record.serialNumber,
    ),
  );
  const faults = contents.filter(({ reason }) => reason !== 'missing');
  for (const path of [files.privkey!, `${files.fullchain}.key`]) {
    const fault = await keyFaults(context, record, nameOf(context, path));
    faults.push(...fault);
  }
  return faults;
}

async function keyFaults(
  context: AuthorityContext,
  record: CertificateRecord,
  name: string,
): Promise<FileFault[]> {
  const { serialNumber } = record;
  const path = pathOf(context, name);
  const access = context.folder.accessOf(path);
  const owner = context.folder.accessOf(dirname(path))?.uid;
  const wrong = access === null ? [] : accessFaults(name, access, owner, serialNumber);
  let pem: Uint8Array | null;
  try {
    pem = context.folder.read(path);
  } catch {
    return [...wrong, { name, serialNumber, reason: 'unreadable' }];
  }
  if (pem === null) return [];
  const expected = storedCertificate(record).subjectPublicKeyInfo.der;
  return (await isKeyOf(pem, expected)) ? wrong : [...wrong, { name, serialNumber, reason: 'not-the-key' }];
}

/** An encrypted key is taken at its word. */
async function isKeyOf(pem: Uint8Array, subjectPublicKeyInfo: Uint8Array): Promise<boolean> {
  try {
    const [file] = decodePem(Buffer.from(pem).toString('latin1')).flatMap(
      (block) => privateKeyOfPem(block) ?? [],
    );
    if (file === undefined) return false;
    return (
      isEncrypted(file) || sameBytes(subjectPublicKeyInfoOf(await openPrivateKey(file)), subjectPublicKeyInfo)
    );
  } catch (error) {
    if (error instanceof SslapiError) return false;
    throw error;
  }
}

function accessFaults(
  name: string,
  { mode, uid }: { readonly mode: number; readonly uid: number },
  owner: number | undefined,
  serialNumber: string | null,
): FileFault[] {
  return [
    ...((mode & 0o077) === 0 ? [] : [{ name, serialNumber, reason: 'mode' as const }]),
    ...(owner === undefined || uid === owner ? [] : [{ name, serialNumber, reason: 'owner' as const }]),
  ];
}

/** Compares what a PEM file holds; the text around it is nobody's business. */
function contentFault(
  context: AuthorityContext,
  name: string,
  expected: readonly Uint8Array[],
  serialNumber: string | null,
): FileFault[] {
  const there = context.folder.accessOf(pathOf(context, name));
  const content = readOrNull(context, name);
  if (content === null) return [{ name, serialNumber, reason: there === null ? 'missing' : 'unreadable' }];
  const found = decodedOrNone(content);
  const same =
    found.length === expected.length && found.every((der, index) => sameBytes(der, expected[index]!));
  return same ? [] : [{ name, serialNumber, reason: 'differs' }];
}

function decodedOrNone(content: Uint8Array): Uint8Array[] {
  try {
    return decodePem(Buffer.from(content).toString('latin1')).map(({ der }) => der);
  } catch {
    return [];
  }
}

/** As people are told it: short where it lies in the pki folder. */
function nameOf({ folder }: AuthorityContext, path: string): string {
  const inside = relative(folder.path, path);
  return inside.startsWith('..') ? path : inside;
}
