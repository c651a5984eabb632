import { SslapiError } from '../errors.js';
import type { CertificateRecord } from '../store/store.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';

/** The certificate of a record, which was whole when it was put into the store. @throws SslapiError ERR_STORE_DAMAGED */
export function storedCertificate({
  certificate,
  serialNumber,
}: Pick<CertificateRecord, 'certificate' | 'serialNumber'>): Certificate {
  try {
    return parseCertificate(certificate ?? new Uint8Array(0));
  } catch (cause) {
    throw new SslapiError(
      'ERR_STORE_DAMAGED',
      `the certificate ${serialNumber} in the store cannot be read`,
      { cause },
    );
  }
}
