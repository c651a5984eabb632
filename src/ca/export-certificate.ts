import { SslapiError } from '../errors.js';
import { encodePkcs12 } from '../keys/encode-pkcs12.js';
import type { Passphrase } from '../keys/passphrase.js';
import type { CertificateRecord } from '../store/store.js';
import { encodePem } from '../x509/pem.js';
import { encodePkcs7 } from '../x509/pkcs7.js';
import type { AuthorityContext } from './authority-context.js';
import { type CertificateView, certificateStatus, certificateView } from './certificate-view.js';
import { curlLine } from './curl-line.js';
import { type ExportFormatName, exportFormatOf } from './export-format.js';
import { type ExportMaterial, exportMaterial } from './export-material.js';
import { kubernetesSecret } from './kubernetes-secret.js';
import { mobileconfig } from './mobileconfig.js';

/** What shall be exported, and where its passwords come from; each is asked for only where it is needed. */
export interface ExportWish {
  readonly format: ExportFormatName;
  /** Encrypts a PKCS#12 file. */
  readonly password?: () => Promise<Passphrase>;
  /** Opens the leaf's key, where it was issued with one. */
  readonly keyPassphrase?: () => Promise<Passphrase>;
}

/** A certificate in another form. */
export interface Exported {
  readonly certificate: CertificateView;
  readonly content: string | Uint8Array;
  /** What the user should know: readers that do not take it, a certificate that is no longer good. */
  readonly notices: readonly string[];
}

/** Hands a certificate on in another form, with what belongs to it. Nothing is changed or recorded.
 *  @throws SslapiError ERR_KEY_UNREADABLE where its key is elsewhere, ERR_PASSWORD_NEEDED … */
export async function exportCertificate(
  context: AuthorityContext,
  record: CertificateRecord,
  { format, password = needsPassword, keyPassphrase = needsPassword }: ExportWish,
): Promise<Exported> {
  const { secret, password: isProtected } = exportFormatOf(format);
  const material = await exportMaterial(context, record, secret ? keyPassphrase : null);
  const exportPassword = isProtected ? await passwordFor(material, record, password) : null;
  const content = await contentOf(context, record, material, format, exportPassword);
  const certificate = certificateView(record, context.now(), material.files);
  const status = certificateStatus(record, context.now());
  return {
    certificate,
    content,
    notices: [
      ...(status === 'valid' ? [] : [`the certificate of "${record.name}" is ${status}`]),
      ...(exportPassword === null ? [] : whoDoesNotRead(record.keyType, exportPassword)),
      ...(format === 'pem' && material.privateKey === null ? [NO_KEY_IN_IT] : []),
    ],
  };
}

/** Which programs do not open a PKCS#12 file with a key of that kind and such a password; none, where all do. */
export function whoDoesNotRead(keyType: string, password: Passphrase): string[] {
  const isAscii = password.reveal().every((octet) => octet < 0x80);
  return [
    ...(keyType === 'ed25519' ? [ED25519] : []),
    ...(keyType.startsWith('ml-dsa') ? [ML_DSA] : []),
    ...(isAscii ? [] : [BEYOND_ASCII]),
  ];
}

async function contentOf(
  context: AuthorityContext,
  record: CertificateRecord,
  material: ExportMaterial,
  format: ExportFormatName,
  password: Passphrase | null,
): Promise<string | Uint8Array> {
  const { certificate, authorities } = material;
  const chain = authorities.slice(0, context.root === null ? 0 : 1);
  switch (format) {
    case 'p12':
    case 'p12-legacy':
      return pkcs12(material, record, password, format === 'p12-legacy');
    case 'mobileconfig':
      return mobileconfig(material, await pkcs12(material, record, password, true));
    case 'p7b':
      return encodePem('PKCS7', encodePkcs7([certificate, ...authorities]));
    case 'der':
      return certificate;
    case 'pem':
      return pemOf(material.privateKey, [certificate, ...chain]);
    case 'k8s-secret':
      return kubernetesSecret(material, chain, keyIn(material, record));
    case 'curl':
      if (record.profile !== 'server' && !material.keyIsHere) throw keyElsewhere(material, record);
      return curlLine(context, record, material.files);
  }
}

/** Looks for the key before anybody is asked for a password. */
function passwordFor(
  material: ExportMaterial,
  record: CertificateRecord,
  password: () => Promise<Passphrase>,
): Promise<Passphrase> {
  keyIn(material, record);
  return password();
}

async function pkcs12(
  material: ExportMaterial,
  record: CertificateRecord,
  given: Passphrase | null,
  legacy: boolean,
): Promise<Uint8Array> {
  const { friendlyName, certificate, authorities } = material;
  const entry = { friendlyName, certificate, chain: authorities, privateKey: keyIn(material, record) };
  const password = given ?? (await needsPassword());
  return encodePkcs12({ entries: [entry], password, legacy });
}

function pemOf(privateKey: Uint8Array | null, certificates: readonly Uint8Array[]): string {
  const key = privateKey === null ? '' : encodePem('PRIVATE KEY', privateKey);
  return key + certificates.map((der) => encodePem('CERTIFICATE', der)).join('');
}

function keyIn(material: ExportMaterial, record: CertificateRecord): Uint8Array {
  if (material.privateKey !== null) return material.privateKey;
  throw keyElsewhere(material, record);
}

function keyElsewhere({ files }: ExportMaterial, { name }: CertificateRecord): SslapiError {
  return new SslapiError('ERR_KEY_UNREADABLE', `the key of "${name}" is not here: no ${files.privkey}`, {
    hint: 'Who has the key makes the file there; --format p7b, der and pem hand on the certificate without it.',
  });
}

function needsPassword(): Promise<Passphrase> {
  return Promise.reject(new SslapiError('ERR_PASSWORD_NEEDED', 'the export needs a password'));
}

const ED25519 =
  'it has an Ed25519 key: NSS (Firefox), browsers, macOS and Windows do not take it; OpenSSL, GnuTLS, Java and Go do';
const BEYOND_ASCII =
  'the password has characters beyond ASCII: Java calls it incorrect; OpenSSL, GnuTLS, NSS and Python open it';
const ML_DSA = 'it has an ML-DSA key: OpenSSL 3.5 and later take it, hardly anything else does';
const NO_KEY_IN_IT = 'its key is not here, so the file has none';
