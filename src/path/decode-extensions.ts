import { DerError, type DerReader, readNull } from '../x509/der.js';
import { decodeWhole, type Extension } from '../x509/extension.js';
import { type AccessDescription, readAuthorityInfoAccess } from '../x509/extensions/authority-info-access.js';
import {
  type AuthorityKeyIdentifier,
  readAuthorityKeyIdentifier,
} from '../x509/extensions/authority-key-identifier.js';
import { type BasicConstraints, readBasicConstraints } from '../x509/extensions/basic-constraints.js';
import { type PolicyInformation, readCertificatePolicies } from '../x509/extensions/certificate-policies.js';
import {
  type DistributionPoint,
  readCrlDistributionPoints,
} from '../x509/extensions/crl-distribution-points.js';
import { readExtKeyUsage } from '../x509/extensions/ext-key-usage.js';
import { readInhibitAnyPolicy } from '../x509/extensions/inhibit-any-policy.js';
import { type KeyUsage, readKeyUsage } from '../x509/extensions/key-usage.js';
import { type NameConstraints, readNameConstraints } from '../x509/extensions/name-constraints.js';
import { type PolicyConstraints, readPolicyConstraints } from '../x509/extensions/policy-constraints.js';
import { type PolicyMapping, readPolicyMappings } from '../x509/extensions/policy-mappings.js';
import { readSignedCertificateTimestamps } from '../x509/extensions/signed-certificate-timestamps.js';
import { readSubjectAltName } from '../x509/extensions/subject-alt-name.js';
import { readSubjectDirectoryAttributes } from '../x509/extensions/subject-directory-attributes.js';
import { readSubjectKeyIdentifier } from '../x509/extensions/subject-key-identifier.js';
import { readTlsFeature } from '../x509/extensions/tls-feature.js';
import type { GeneralName } from '../x509/general-name.js';
import { OID, oidName } from '../x509/oid.js';
import { type Refusal, refusal } from './path-result.js';

/** What the extensions of a certificate say, each where it is present. */
export interface DecodedExtensions {
  /** Object identifiers of those marked critical. */
  readonly critical: ReadonlySet<string>;
  readonly authorityKeyIdentifier?: AuthorityKeyIdentifier;
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly keyUsage?: ReadonlySet<KeyUsage>;
  readonly certificatePolicies?: readonly PolicyInformation[];
  readonly policyMappings?: readonly PolicyMapping[];
  readonly subjectAltName?: readonly GeneralName[];
  readonly issuerAltName?: readonly GeneralName[];
  readonly basicConstraints?: BasicConstraints;
  readonly nameConstraints?: NameConstraints;
  readonly policyConstraints?: PolicyConstraints;
  readonly extKeyUsage?: readonly string[];
  readonly cRLDistributionPoints?: readonly DistributionPoint[];
  readonly inhibitAnyPolicy?: number;
  readonly freshestCRL?: readonly DistributionPoint[];
  readonly authorityInfoAccess?: readonly AccessDescription[];
}

/** Decodes every extension that is known. One of a kind only, no unknown critical one, each by its syntax
 *  (RFC 5280 §4.2): a known extension that cannot be read is refused, critical or not. */
export function decodeExtensions(extensions: readonly Extension[]): DecodedExtensions | Refusal {
  const critical = new Set<string>();
  const seen = new Set<string>();
  const decoded: Record<string, unknown> = { critical };
  for (const extension of extensions) {
    if (seen.has(extension.oid)) {
      return refusal('duplicate-extension', `the extension ${oidName(extension.oid)} stands twice`);
    }
    seen.add(extension.oid);
    if (extension.critical) critical.add(extension.oid);
    const known = KNOWN.get(extension.oid);
    if (known !== undefined) {
      const value = decodeOne(extension, known[1]);
      if (value instanceof DerError) return malformed(extension, value);
      decoded[known[0]] = value;
    } else if (extension.critical || extension.oid === OID.precertificatePoison) {
      // RFC 6962 §3.1: what has the poison is no certificate, critical or not
      return refusal(
        'unknown-critical-extension',
        `the extension ${oidName(extension.oid)} is critical and not known here`,
      );
    }
  }
  return decoded as unknown as DecodedExtensions;
}

function decodeOne(extension: Extension, read: (reader: DerReader) => unknown): unknown {
  try {
    return decodeWhole(extension.value, read);
  } catch (error) {
    if (error instanceof DerError) return error;
    throw error;
  }
}

function malformed({ oid }: Extension, error: DerError): Refusal {
  const reason = error.reason === 'too-large' ? 'too-large' : 'extension-malformed';
  return refusal(reason, `the extension ${oidName(oid)} is malformed: ${error.message}`);
}

function readNullPresence(reader: DerReader): true {
  readNull(reader);
  return true;
}

const KNOWN: ReadonlyMap<string, readonly [string, (reader: DerReader) => unknown]> = new Map<
  string,
  readonly [string, (reader: DerReader) => unknown]
>([
  [OID.authorityKeyIdentifier, ['authorityKeyIdentifier', readAuthorityKeyIdentifier]],
  [OID.subjectKeyIdentifier, ['subjectKeyIdentifier', readSubjectKeyIdentifier]],
  [OID.keyUsage, ['keyUsage', readKeyUsage]],
  [OID.certificatePolicies, ['certificatePolicies', readCertificatePolicies]],
  [OID.policyMappings, ['policyMappings', readPolicyMappings]],
  [OID.subjectAltName, ['subjectAltName', readSubjectAltName]],
  [OID.issuerAltName, ['issuerAltName', readSubjectAltName]],
  [OID.subjectDirectoryAttributes, ['subjectDirectoryAttributes', readSubjectDirectoryAttributes]],
  [OID.basicConstraints, ['basicConstraints', readBasicConstraints]],
  [OID.nameConstraints, ['nameConstraints', readNameConstraints]],
  [OID.policyConstraints, ['policyConstraints', readPolicyConstraints]],
  [OID.extKeyUsage, ['extKeyUsage', readExtKeyUsage]],
  [OID.cRLDistributionPoints, ['cRLDistributionPoints', readCrlDistributionPoints]],
  [OID.inhibitAnyPolicy, ['inhibitAnyPolicy', readInhibitAnyPolicy]],
  [OID.freshestCRL, ['freshestCRL', readCrlDistributionPoints]],
  [OID.authorityInfoAccess, ['authorityInfoAccess', readAuthorityInfoAccess]],
  [OID.subjectInfoAccess, ['subjectInfoAccess', readAuthorityInfoAccess]],
  [OID.tlsFeature, ['tlsFeature', readTlsFeature]],
  [OID.signedCertificateTimestamps, ['signedCertificateTimestamps', readSignedCertificateTimestamps]],
  [OID.ocspNoCheck, ['ocspNoCheck', readNullPresence]],
]);
