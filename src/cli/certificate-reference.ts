import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { CertificateView } from '../ca/certificate-view.js';
import { SslapiError } from '../errors.js';
import { readInput, readInputIfThere } from './read-input.js';

/** CRLs may list a million certificates. */
export const MAX_CRL_OCTETS = 256 * 1024 * 1024;

/** What FILE, `-`, NAME or SERIAL stood for. */
export interface Referenced {
  /** How to call it in an answer: the path, "standard input", or the NAME. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the CA knows of it, where it was named by NAME or SERIAL. */
  readonly view?: CertificateView;
}

/** Reads what a FILE, `-`, NAME or SERIAL means. A file of that path comes first; the store is opened only where there is
 *  none. Of a NAME it is the newest certificate.
 *  @param limit the most octets of a file
 *  @throws SslapiError ERR_INPUT_UNREADABLE where it looks like a path, ERR_CERTIFICATE_UNKNOWN, ERR_CA_NOT_FOUND … */
export async function readReference(
  reference: string,
  openCa: () => Promise<CertificateAuthority>,
  limit: number,
): Promise<Referenced> {
  if (reference === '') throw new SslapiError('ERR_USAGE', 'the name of the certificate is empty');
  if (reference === '-') return { name: 'standard input', bytes: readInput('-', limit) };
  const bytes = /^serial:/i.test(reference) ? undefined : readInputIfThere(reference, limit);
  if (bytes !== undefined) return { name: reference, bytes };
  if (PATH_LOOK.test(reference)) return { name: reference, bytes: readInput(reference, limit) };
  const { ca, records } = await explained(reference, async () => {
    const opened = await openCa();
    return { ca: opened, records: await opened.find(reference) };
  });
  const record = records.at(-1);
  if (record?.certificate) return { name: record.name, bytes: record.certificate, view: ca.view(record) };
  throw new SslapiError(
    'ERR_CERTIFICATE_UNKNOWN',
    `"${reference}" is a reserved serial number without a certificate`,
  );
}

/** Who typed the name of a file that is not there did not think of a CA, and who mistyped a NAME not of a file. */
async function explained<T>(reference: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SslapiError) || !NOT_THERE.has(error.code)) throw error;
    const noCa = error.code === 'ERR_CA_NOT_FOUND';
    throw new SslapiError(
      error.code,
      `there is no file "${reference}", and ${noCa ? 'for a NAME ' : ''}${error.message}`,
      {
        hint: noCa
          ? 'Check the path, or point --pki at the CA that has this NAME.'
          : `Check the path. ${error.hint}`,
        cause: error,
      },
    );
  }
}

const NOT_THERE: ReadonlySet<string> = new Set([
  'ERR_CA_NOT_FOUND',
  'ERR_CERTIFICATE_UNKNOWN',
  'ERR_SERIAL_UNKNOWN',
]);
/** What cannot be a NAME, or is meant as a file. */
const PATH_LOOK = /[/\\]|\.(pem|crt|cer|der|csr|req|crl|key|p12|pfx|p7b|txt)$/i;
