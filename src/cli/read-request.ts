import { SslapiError } from '../errors.js';
import { type CertificateRequest, parseCertificateRequest } from '../x509/certificate-request.js';
import { decodePem, looksLikePem } from '../x509/pem.js';

/** The request in a file of PEM or DER. @throws SslapiError ERR_INPUT_NOT_RECOGNISED, ERR_DER_INVALID */
export function readRequest(octets: Uint8Array, path: string): CertificateRequest {
  const text = Buffer.from(octets).toString('latin1');
  if (!looksLikePem(text)) {
    if (octets[0] !== 0x30)
      throw new SslapiError('ERR_INPUT_NOT_RECOGNISED', `${path} is neither PEM nor DER`);
    return parseCertificateRequest(octets);
  }
  const blocks = decodePem(text);
  const block = blocks.find(
    ({ label }) => label === 'CERTIFICATE REQUEST' || label === 'NEW CERTIFICATE REQUEST',
  );
  if (block === undefined)
    throw new SslapiError(
      'ERR_INPUT_NOT_RECOGNISED',
      `${path} holds a ${blocks[0]?.label ?? 'PEM text'}, not a certification request`,
    );
  return parseCertificateRequest(block.der);
}
