import type { CertificateRecord } from '../store/store.js';
import type { Certificate } from '../x509/certificate.js';
import { formatName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import { freshSerialNumber } from './sign-certificate.js';

/** The serial number that a CA's CRLs list from the first on, and that no certificate bears. */
export function reservedRecord(role: string, certificate: Certificate, now: Date): CertificateRecord {
  const serialNumber = serialNumberHex(freshSerialNumber());
  return {
    serialNumber,
    authorityId: role,
    name: `reserved.${role}`,
    profile: 'probe',
    line: serialNumber,
    subject: 'CN=sslapi-probe',
    issuer: formatName(certificate.subject),
    subjectAltName: [],
    notBefore: certificate.validity.notBefore,
    notAfter: certificate.validity.notAfter,
    keyType: '',
    signatureAlgorithm: '',
    fingerprint256: '',
    certificate: null,
    delivered: true,
    folder: null,
    revocation: {
      revocationDate: wholeSeconds(now),
      reason: 'unspecified',
      invalidityDate: null,
    },
  };
}
