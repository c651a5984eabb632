import { serialNumberHex } from '../x509/serial-number.js';
import type { CertificateRules } from './check-certificate.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** RFC 5280 §4.1.2.2: positive, at most 20 octets. "Certificate users SHOULD be prepared to gracefully handle" those
 *  of others: a negative one still names its CRL entry, which is all that a serial number is for in validation, so
 *  it passes where revocation is checked (NIST PKITS 4.4.14). */
export function checkSerialNumber(
  { certificate: { serialNumber } }: PathCertificate,
  { revocationChecked }: Pick<CertificateRules, 'revocationChecked'>,
): Refusal | null {
  if (serialNumber >= LIMIT || serialNumber < -LIMIT) {
    return refusal('serial-number-invalid', 'the serial number has more than 20 octets');
  }
  if (serialNumber === 0n) return refusal('serial-number-invalid', 'the serial number is 0');
  if (serialNumber < 0n && !revocationChecked) {
    return refusal('serial-number-invalid', `the serial number ${serialNumberHex(serialNumber)} is negative`);
  }
  return null;
}

/** 20 octets of two's complement. */
const LIMIT = 1n << 159n;
