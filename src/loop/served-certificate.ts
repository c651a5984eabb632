import { existsSync, readFileSync } from 'node:fs';
import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { certificateName } from '../ca/certificate-name.js';
import { certificateStatus } from '../ca/certificate-view.js';
import { SslapiError } from '../errors.js';
import type { ServerCertificate } from '../server/server-settings.js';
import { type GeneralName, parseGeneralName } from '../x509/general-name.js';

/** The server certificate that is used unless another is named. */
export const DEFAULT_SERVER = 'localhost';

/** A certificate that a server shows, and where it lies. */
export interface ServedCertificate extends ServerCertificate {
  /** As `--key-type` names it. */
  readonly keyType: string;
  readonly serialNumber: string;
  readonly notAfter: Date;
  /** The files that it was read from. */
  readonly files: readonly string[];
}

/** The newest live server certificate of a NAME, or null.
 *  @throws SslapiError ERR_KEY_UNREADABLE where a file of it is missing */
export async function findServed(ca: CertificateAuthority, name: string): Promise<ServedCertificate | null> {
  const kept = certificateName(name);
  const [newest] = await ca.list({
    status: 'valid',
    profile: ['server', 'peer'],
    name: kept,
    newest: 1,
  });
  if (newest === undefined) return null;
  const [record] = await ca.find(`serial:${newest.serialNumber}`);
  if (record === undefined || certificateStatus(record, new Date()) !== 'valid') return null;
  const { fullchain, privkey = fullchain } = ca.filesOf(record);
  const { keyType, serialNumber, notAfter } = record;
  const files = [fullchain, privkey];
  return { cert: readPem(fullchain), key: readPem(privkey), keyType, serialNumber, notAfter, files };
}

/** A mistyped name shall not become a certificate: only the default one is issued on the spot. */
export async function noServed(ca: CertificateAuthority, name: string): Promise<SslapiError> {
  const [client] = await ca.list({ profile: ['client'], name: certificateName(name), newest: 1 });
  const issue =
    client === undefined ? `Issue it with \`sslapi issue-server ${name}\`, or see` : 'That is a client: see';
  return new SslapiError('ERR_CERTIFICATE_UNKNOWN', `no live server certificate has the NAME "${name}"`, {
    hint: `${issue} those that are there with \`sslapi list --profile server\`.`,
  });
}

function readPem(path: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  throw new SslapiError('ERR_KEY_UNREADABLE', `${path} is missing`, {
    hint: 'Put the file back, or name another server certificate with --server NAME.',
  });
}

/** Every name by which a machine calls itself. */
export const LOCAL_NAMES: readonly GeneralName[] = ['localhost', '127.0.0.1', '::1'].map(parseGeneralName);
