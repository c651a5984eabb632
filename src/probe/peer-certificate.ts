import { SslapiError } from '../errors.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { formatGeneralName } from '../x509/general-name.js';
import { commonNameOf, formatName } from '../x509/name.js';
import { oidName } from '../x509/oid.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { describeKey } from '../x509/subject-public-key-info.js';
import { isoSeconds } from '../x509/whole-seconds.js';

/** A certificate that a server sent, as the report has it: with what every command prints of one, as far as a stranger's
 *  has it. One that is not DER has its fingerprint and why alone. */
export type PeerCertificate = ReadablePeerCertificate | UnreadablePeerCertificate;

export interface ReadablePeerCertificate {
  /** The commonName, or the first of the names. */
  readonly name: string;
  readonly serialNumber: string;
  readonly subject: string;
  readonly issuer: string;
  readonly subjectAltName: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  readonly fingerprint256: string;
  /** By its dates alone. */
  readonly status: 'valid' | 'expired' | 'not-yet-valid';
}

export interface UnreadablePeerCertificate {
  readonly fingerprint256: string;
  /** What is wrong with the encoding. */
  readonly unreadable: string;
}

/** @param at the moment that its dates are held against */
export function peerCertificate(der: Uint8Array, at: Date): PeerCertificate {
  try {
    return describe(parseCertificate(der), at);
  } catch (error) {
    if (!(error instanceof SslapiError)) throw error;
    return { fingerprint256: fingerprint256(der), unreadable: error.message };
  }
}

function describe(certificate: Certificate, at: Date): ReadablePeerCertificate {
  const { subject, issuer, validity, serialNumber, subjectPublicKeyInfo, signatureAlgorithm } = certificate;
  const names = (subjectAltNameOf(certificate) ?? []).map(formatGeneralName);
  return {
    name: commonNameOf(subject) ?? names[0]?.replace(/^\w+:/, '') ?? '',
    serialNumber: serialNumberHex(serialNumber),
    subject: formatName(subject),
    issuer: formatName(issuer),
    subjectAltName: names,
    notBefore: isoSeconds(validity.notBefore),
    notAfter: isoSeconds(validity.notAfter),
    keyType: describeKey(subjectPublicKeyInfo),
    signatureAlgorithm: oidName(signatureAlgorithm.algorithm),
    fingerprint256: fingerprint256(certificate.der),
    status: at < validity.notBefore ? 'not-yet-valid' : at > validity.notAfter ? 'expired' : 'valid',
  };
}
