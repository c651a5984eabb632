import { SslapiError } from '../errors.js';

/** A form that a certificate can be handed on in. */
export interface ExportFormat {
  readonly name: string;
  /** What it is, behind "writes". */
  readonly what: string;
  /** Octets that are no text: never for a terminal. */
  readonly binary: boolean;
  /** Holds the private key, and so is for its owner's eyes alone. */
  readonly secret: boolean;
  /** Is a PKCS#12 file, or has one in it, and so wants a password. */
  readonly password: boolean;
}

/** Every form, in the order of the help. */
export const EXPORT_FORMATS = [
  format('p12', 'PKCS#12 of today: AES-256, SHA-256', { binary: true, secret: true, password: true }),
  format('p12-legacy', 'PKCS#12 for old readers: 3DES, SHA-1', {
    binary: true,
    secret: true,
    password: true,
  }),
  format('p7b', 'the certificate and its CAs as PKCS#7, in PEM'),
  format('der', 'the certificate alone, in DER', { binary: true }),
  format('pem', 'key, certificate and chain in one file', { secret: true }),
  format('k8s-secret', 'a Kubernetes Secret of type kubernetes.io/tls', { secret: true }),
  format('curl', 'a curl command that uses it'),
  format('mobileconfig', 'a profile for iPhone, iPad and Mac', { secret: true, password: true }),
] as const satisfies readonly ExportFormat[];

export type ExportFormatName = (typeof EXPORT_FORMATS)[number]['name'];

/** The form of that name. @throws SslapiError ERR_USAGE */
export function exportFormatOf(name: string): (typeof EXPORT_FORMATS)[number] {
  const found = EXPORT_FORMATS.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new SslapiError('ERR_USAGE', `"${name}" is no format to export in`, {
    hint: `Choose ${EXPORT_FORMATS.map((one) => one.name).join(', ')}.`,
  });
}

function format<const Name extends string>(
  name: Name,
  what: string,
  { binary = false, secret = false, password = false }: Partial<ExportFormat> = {},
): ExportFormat & { readonly name: Name } {
  return { name, what, binary, secret, password };
}
