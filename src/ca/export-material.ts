import { relative } from 'node:path';
import { SslapiError } from '../errors.js';
import type { Passphrase } from '../keys/passphrase.js';
import { isEncrypted, openPrivateKey, privateKeyOfPem, subjectPublicKeyInfoOf } from '../keys/private-key.js';
import type { CertificateRecord } from '../store/store.js';
import { parseCertificate } from '../x509/certificate.js';
import { sameBytes } from '../x509/der.js';
import { decodePem } from '../x509/pem.js';
import type { AuthorityContext } from './authority-context.js';
import { type CertificateFiles, filesOf } from './certificate-view.js';
import { PROFILES } from './profiles.js';

/** All that an export can be made of. */
export interface ExportMaterial {
  /** What programs show it as: its NAME, a wildcard as it is typed. */
  readonly friendlyName: string;
  readonly certificate: Uint8Array;
  /** Its CAs, the issuing one first, the root last. */
  readonly authorities: readonly Uint8Array[];
  /** Whether its key lies with it; a CA's never does. */
  readonly keyIsHere: boolean;
  /** Encoded PrivateKeyInfo in clear; null where the key is elsewhere, or was not asked for. */
  readonly privateKey: Uint8Array | null;
  readonly files: CertificateFiles;
}

/** Gathers what belongs to a certificate. The key of a CA is never among it.
 *  @param keyPassphrase asked for where the leaf's key is encrypted; null where the key is not wanted at all
 *  @throws SslapiError ERR_KEY_MISMATCH, ERR_KEY_UNREADABLE, ERR_PASSWORD_WRONG, ERR_CERTIFICATE_UNKNOWN */
export async function exportMaterial(
  context: AuthorityContext,
  record: CertificateRecord,
  keyPassphrase: (() => Promise<Passphrase>) | null,
): Promise<ExportMaterial> {
  const { name, certificate } = record;
  if (certificate === null)
    throw new SslapiError(
      'ERR_CERTIFICATE_UNKNOWN',
      record.profile === 'probe'
        ? `${record.serialNumber} is a reserved serial number`
        : `the certificate of "${name}" was not there when its CA was imported: only its line in the index was`,
    );
  const files = filesOf(context.folder, record);
  const path = files.privkey ?? '';
  const pem = PROFILES[record.profile].ca ? null : context.folder.read(relative(context.folder.path, path));
  return {
    friendlyName: friendlyNameOf(name),
    certificate,
    authorities: authoritiesAbove(context, certificate),
    keyIsHere: pem !== null,
    privateKey:
      pem === null || keyPassphrase === null ? null : await keyOf(pem, path, certificate, keyPassphrase),
    files,
  };
}

/** How programs show a NAME: a wildcard as it is typed. */
export function friendlyNameOf(name: string): string {
  return name.replace(/^_wildcard\./, '*.');
}

/** Of a CA's own certificate it is what stands above it. */
function authoritiesAbove({ issuing, root }: AuthorityContext, certificate: Uint8Array): Uint8Array[] {
  const all = [issuing, ...(root === null ? [] : [root])].map(({ parsed }) => parsed.der);
  const at = all.findIndex((der) => sameBytes(der, certificate));
  return all.slice(at + 1);
}

async function keyOf(
  pem: Uint8Array,
  path: string,
  certificate: Uint8Array,
  keyPassphrase: () => Promise<Passphrase>,
): Promise<Uint8Array> {
  const file = decodePem(Buffer.from(pem).toString('latin1'))
    .map(privateKeyOfPem)
    .find((one) => one !== null);
  if (file === undefined || file === null)
    throw new SslapiError('ERR_KEY_UNREADABLE', `${path} holds no private key`);
  const key = await openPrivateKey(file, isEncrypted(file) ? await keyPassphrase() : undefined);
  if (!sameBytes(subjectPublicKeyInfoOf(key), parseCertificate(certificate).subjectPublicKeyInfo.der)) {
    throw new SslapiError('ERR_KEY_MISMATCH', `${path} is not the key of this certificate`, {
      hint: 'It was renewed with a new key, or the file was replaced: export the newest certificate of the NAME.',
    });
  }
  return key.export({ type: 'pkcs8', format: 'der' });
}
