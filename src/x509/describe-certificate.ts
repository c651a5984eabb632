import type { Certificate } from './certificate.js';
import { DerError } from './der.js';
import type { Extension } from './extension.js';
import { authorityInfoAccessOf } from './extensions/authority-info-access.js';
import { authorityKeyIdentifierOf } from './extensions/authority-key-identifier.js';
import { basicConstraintsOf } from './extensions/basic-constraints.js';
import { certificatePoliciesOf } from './extensions/certificate-policies.js';
import { crlDistributionPointsOf } from './extensions/crl-distribution-points.js';
import { extKeyUsageOf } from './extensions/ext-key-usage.js';
import { keyUsageOf } from './extensions/key-usage.js';
import { nameConstraintsOf } from './extensions/name-constraints.js';
import { subjectAltNameOf } from './extensions/subject-alt-name.js';
import { subjectKeyIdentifierOf } from './extensions/subject-key-identifier.js';
import { fingerprint256 } from './fingerprint.js';
import { formatGeneralName, type GeneralName } from './general-name.js';
import { formatIpAddress } from './ip-address.js';
import { formatName } from './name.js';
import { OID, oidName } from './oid.js';
import { serialNumberHex } from './serial-number.js';
import { describeKey } from './subject-public-key-info.js';
import { isoSeconds } from './whole-seconds.js';

/** What a certificate says, as JSON; a field is absent where the certificate does not have it, or not readably. */
export interface CertificateDescription {
  readonly version: number;
  readonly serialNumber: string;
  readonly subject: string;
  readonly issuer: string;
  readonly subjectAltName: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  /** `revoked` only where whoever asks knows so: the certificate itself does not. */
  readonly status: 'valid' | 'expired' | 'not-yet-valid' | 'revoked';
  readonly revocationDate?: string;
  readonly revocationReason?: string;
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  readonly fingerprint256: string;
  readonly ca: boolean;
  readonly pathLenConstraint?: number;
  readonly keyUsage?: readonly string[];
  readonly extKeyUsage?: readonly string[];
  readonly subjectKeyIdentifier?: string;
  readonly authorityKeyIdentifier?: string;
  readonly permitted?: readonly string[];
  readonly excluded?: readonly string[];
  readonly policies?: readonly string[];
  readonly crlUrls?: readonly string[];
  readonly ocspUrls?: readonly string[];
  readonly issuerUrls?: readonly string[];
  readonly extensions: ReadonlyArray<{ readonly name: string; readonly critical: boolean }>;
}

/** Describes a certificate as of a moment. */
export function describeCertificate(certificate: Certificate, now: Date): CertificateDescription {
  const { validity, extensions } = certificate;
  return {
    version: certificate.version,
    serialNumber: serialNumberHex(certificate.serialNumber),
    subject: formatName(certificate.subject),
    issuer: formatName(certificate.issuer),
    subjectAltName: readable(() => subjectAltNameOf(certificate))?.map(formatGeneralName) ?? [],
    notBefore: isoSeconds(validity.notBefore),
    notAfter: isoSeconds(validity.notAfter),
    status: validity.notAfter < now ? 'expired' : validity.notBefore > now ? 'not-yet-valid' : 'valid',
    keyType: describeKey(certificate.subjectPublicKeyInfo),
    signatureAlgorithm: oidName(certificate.signatureAlgorithm.algorithm),
    fingerprint256: fingerprint256(certificate.der),
    ...describeExtensions(certificate),
    extensions: describeList(extensions),
  };
}

/** Their names, and which are critical. */
export function describeList(extensions: readonly Extension[]): CertificateDescription['extensions'] {
  return extensions.map(({ oid, critical }) => ({ name: oidName(oid), critical }));
}

/** The value, or undefined where its extension breaks its syntax: a lint says so. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}

function describeExtensions(certificate: Certificate) {
  const constraints = readable(() => basicConstraintsOf(certificate));
  const keyUsage = readable(() => keyUsageOf(certificate));
  const purposes = readable(() => extKeyUsageOf(certificate));
  const own = readable(() => subjectKeyIdentifierOf(certificate));
  const issuers = readable(() => authorityKeyIdentifierOf(certificate))?.keyIdentifier;
  const names = readable(() => nameConstraintsOf(certificate));
  const policies = readable(() => certificatePoliciesOf(certificate));
  return {
    ca: constraints?.ca === true,
    ...(constraints?.pathLenConstraint !== undefined && { pathLenConstraint: constraints.pathLenConstraint }),
    ...(keyUsage && { keyUsage: [...keyUsage] }),
    ...(purposes && { extKeyUsage: purposes.map(oidName) }),
    ...(own && { subjectKeyIdentifier: hex(own) }),
    ...(issuers && { authorityKeyIdentifier: hex(issuers) }),
    ...(names && {
      permitted: names.permittedSubtrees.map(formatSubtree),
      excluded: names.excludedSubtrees.map(formatSubtree),
    }),
    ...(policies && { policies: policies.map(({ policyIdentifier }) => oidName(policyIdentifier)) }),
    ...describeUrls(certificate),
  };
}

function describeUrls(certificate: Certificate) {
  const points = readable(() => crlDistributionPointsOf(certificate)) ?? [];
  const access = readable(() => authorityInfoAccessOf(certificate)) ?? [];
  const crlUrls = points.flatMap(({ distributionPoint: place }) =>
    place !== undefined && 'fullName' in place ? urlsOf(place.fullName) : [],
  );
  const urlsFor = (method: string) =>
    urlsOf(
      access
        .filter(({ accessMethod }) => accessMethod === method)
        .map(({ accessLocation }) => accessLocation),
    );
  const [ocspUrls, issuerUrls] = [urlsFor(OID.ocsp), urlsFor(OID.caIssuers)];
  return {
    ...(crlUrls.length > 0 && { crlUrls }),
    ...(ocspUrls.length > 0 && { ocspUrls }),
    ...(issuerUrls.length > 0 && { issuerUrls }),
  };
}

function urlsOf(names: readonly GeneralName[]): string[] {
  return names.flatMap((name) => (name.type === 'uniformResourceIdentifier' ? [name.value] : []));
}

/** A subtree of addresses is an address and its mask, RFC 5280 §4.2.1.10. */
function formatSubtree(base: GeneralName): string {
  if (base.type !== 'iPAddress') return formatGeneralName(base);
  const half = base.octets.length / 2;
  const bits = [...base.octets.subarray(half)]
    .map((octet) => octet.toString(2))
    .join('')
    .replace(/0/g, '').length;
  return `IP:${formatIpAddress(base.octets.subarray(0, half))}/${bits}`;
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
