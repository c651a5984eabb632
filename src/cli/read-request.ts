import { SslapiError } from '../errors.js';
import { type CertificateRequest, parseCertificateRequest } from '../x509/certificate-request.js';
import { kindInWords, recognise } from '../x509/recognise.js';

/** The request in a file of PEM or DER.
 *  @param path how the file is called in an error
 *  @throws SslapiError ERR_INPUT_NOT_RECOGNISED, ERR_DER_INVALID */
export function readRequest(octets: Uint8Array, path: string): CertificateRequest {
  const name = path === '-' ? 'standard input' : path;
  const { items } = recognise(octets, name);
  const request = items.find(({ kind }) => kind === 'certificate-request');
  if (request !== undefined) return parsed(request.der, name);
  throw new SslapiError(
    'ERR_INPUT_NOT_RECOGNISED',
    `${name} holds ${kindInWords(items[0]!.kind)} where a certificate request is wanted`,
    { hint: 'Its owner makes one with `sslapi csr NAME`; it begins with BEGIN CERTIFICATE REQUEST.' },
  );
}

function parsed(der: Uint8Array, name: string): CertificateRequest {
  try {
    return parseCertificateRequest(der);
  } catch (error) {
    if (!(error instanceof SslapiError)) throw error;
    throw new SslapiError(error.code, `${name}: ${error.message}`, { hint: error.hint, cause: error });
  }
}
