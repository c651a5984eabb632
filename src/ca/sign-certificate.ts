import { randomOctets } from '../keys/random-octets.js';
import type { Signer } from '../keys/signer.js';
import type { CertificateRecord } from '../store/store.js';
import {
  type Certificate,
  encodeTbsCertificate,
  parseCertificate,
  type Validity,
} from '../x509/certificate.js';
import type { Extension } from '../x509/extension.js';
import { authorityInfoAccess } from '../x509/extensions/authority-info-access.js';
import { authorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { crlDistributionPoints } from '../x509/extensions/crl-distribution-points.js';
import { subjectAltName } from '../x509/extensions/subject-alt-name.js';
import { subjectKeyIdentifier } from '../x509/extensions/subject-key-identifier.js';
import { fingerprint256, keyIdentifierOf } from '../x509/fingerprint.js';
import { formatGeneralName, type GeneralName } from '../x509/general-name.js';
import { formatName, type Name } from '../x509/name.js';
import { OID, oidName } from '../x509/oid.js';
import { serialNumberFrom, serialNumberHex } from '../x509/serial-number.js';
import { encodeSigned } from '../x509/signed.js';
import { describeKey, parseSubjectPublicKeyInfo } from '../x509/subject-public-key-info.js';
import { type Profile, profileExtensions } from './profiles.js';

/** Addresses that are written into certificates, `{ca}` standing for the issuer's name; none where not asked for. */
export interface PublishedUrls {
  readonly crlUrl?: string;
  readonly ocspUrl?: string;
  readonly issuerUrl?: string;
}

/** Everything that a certificate shall say. */
export interface CertificatePlan {
  readonly profile: Profile;
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly validity: Validity;
  /** The issuer's name and public key; the subject's own for a root. */
  readonly issuer: {
    readonly subject: Name;
    readonly subjectPublicKeyInfo: Uint8Array;
    readonly role: string;
    /** The subjectKeyIdentifier of its certificate, where it is not the hash that ours are. */
    readonly keyIdentifier?: Uint8Array;
  };
  readonly urls: PublishedUrls;
  /** Such as nameConstraints. */
  readonly moreExtensions?: readonly Extension[];
}

/** A fresh random serial number. */
export function freshSerialNumber(): bigint {
  return serialNumberFrom(randomOctets(16));
}

/** Signs a certificate of that plan under a serial number of its own. */
export async function signCertificate(
  plan: CertificatePlan,
  signer: Signer,
  serialNumber = freshSerialNumber(),
): Promise<Uint8Array> {
  const { subject, validity, subjectPublicKeyInfo, issuer } = plan;
  const tbs = encodeTbsCertificate(
    {
      serialNumber,
      issuer: issuer.subject,
      validity,
      subject,
      subjectPublicKeyInfo,
      extensions: extensionsOf(plan),
    },
    signer.signatureAlgorithm,
  );
  return encodeSigned(tbs, signer.signatureAlgorithm, await signer.sign(tbs));
}

/** What the store remembers of a certificate. */
export function recordOf(
  certificate: Uint8Array | Certificate,
  kept: Pick<CertificateRecord, 'authorityId' | 'name' | 'profile' | 'delivered' | 'folder'> & {
    readonly line?: string;
  },
  names: readonly GeneralName[],
): CertificateRecord {
  const parsed = certificate instanceof Uint8Array ? parseCertificate(certificate) : certificate;
  const serialNumber = serialNumberHex(parsed.serialNumber);
  return {
    ...kept,
    serialNumber,
    line: kept.line ?? serialNumber,
    subject: formatName(parsed.subject),
    issuer: formatName(parsed.issuer),
    subjectAltName: names.map(formatGeneralName),
    notBefore: parsed.validity.notBefore,
    notAfter: parsed.validity.notAfter,
    keyType: describeKey(parsed.subjectPublicKeyInfo),
    signatureAlgorithm: oidName(parsed.signatureAlgorithm.algorithm),
    fingerprint256: fingerprint256(parsed.der),
    certificate: parsed.der,
    revocation: null,
  };
}

function extensionsOf(plan: CertificatePlan): Extension[] {
  const { profile, subject, subjectPublicKeyInfo, issuer } = plan;
  const keyType = describeSpki(subjectPublicKeyInfo);
  const selfSigned = issuer.subjectPublicKeyInfo === subjectPublicKeyInfo;
  return [
    ...profileExtensions(profile, keyType),
    ...(plan.subjectAltName.length > 0
      ? [subjectAltName(plan.subjectAltName, subject.rdns.length === 0)]
      : []),
    subjectKeyIdentifier(keyIdentifierOf(subjectPublicKeyInfo)),
    authorityKeyIdentifier(issuer.keyIdentifier ?? keyIdentifierOf(issuer.subjectPublicKeyInfo)),
    ...(plan.moreExtensions ?? []),
    ...(selfSigned ? [] : urlExtensions(plan.urls, issuer.role)),
  ];
}

function urlExtensions({ crlUrl, ocspUrl, issuerUrl }: PublishedUrls, role: string): Extension[] {
  const at = (url: string): GeneralName => ({
    type: 'uniformResourceIdentifier',
    value: url.replaceAll('{ca}', role),
  });
  const access = [
    ...(ocspUrl === undefined ? [] : [{ accessMethod: OID.ocsp, accessLocation: at(ocspUrl) }]),
    ...(issuerUrl === undefined ? [] : [{ accessMethod: OID.caIssuers, accessLocation: at(issuerUrl) }]),
  ];
  return [
    ...(crlUrl === undefined ? [] : [crlDistributionPoints([crlUrl.replaceAll('{ca}', role)])]),
    ...(access.length > 0 ? [authorityInfoAccess(access)] : []),
  ];
}

function describeSpki(subjectPublicKeyInfo: Uint8Array): string {
  return describeKey(parseSubjectPublicKeyInfo(subjectPublicKeyInfo));
}
