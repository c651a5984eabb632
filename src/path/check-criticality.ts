import { OID, oidName } from '../x509/oid.js';
import type { CertificateRules, Place } from './check-certificate.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** Which extensions must be critical and which must not, RFC 5280 §4.2.1 and §4.2.2. Where it says SHOULD it is held
 *  to as well, but for keyUsage, which half of the world leaves uncritical. */
export function checkCriticality(
  subject: PathCertificate,
  place: Place,
  rules: CertificateRules,
): Refusal | null {
  const { critical, extKeyUsage } = subject.extensions;
  const wrong = NEVER_CRITICAL.find((id) => critical.has(id));
  if (wrong !== undefined) {
    return refusal('extension-criticality-wrong', `the extension ${oidName(wrong)} is critical`);
  }
  if (critical.has(OID.extKeyUsage) && extKeyUsage?.includes(OID.anyExtendedKeyUsage)) {
    return refusal('extension-criticality-wrong', 'extKeyUsage is critical and holds anyExtendedKeyUsage');
  }
  if (critical.has(OID.subjectAltName) && subject.certificate.subject.rdns.length > 0) {
    return refusal('extension-criticality-wrong', 'subjectAltName is critical beside a subject');
  }
  const missing = mustBeCritical(subject, place, rules).find((id) => !critical.has(id));
  return missing === undefined
    ? null
    : refusal('extension-criticality-wrong', `the extension ${oidName(missing)} is not critical`);
}

/** The extensions present that must be critical here. The CA/Browser Forum excepts nameConstraints (§7.1.2.10.8);
 *  policyConstraints and policyMappings bind whoever processes policies, critical or not, and only where the caller does
 *  may they be left so. */
function mustBeCritical(
  { extensions }: PathCertificate,
  place: Place,
  { profile, policyProcessing }: CertificateRules,
): string[] {
  return [
    ...(extensions.nameConstraints && profile === 'rfc5280' ? [OID.nameConstraints] : []),
    ...(extensions.policyConstraints && !policyProcessing ? [OID.policyConstraints] : []),
    ...(extensions.policyMappings && !policyProcessing ? [OID.policyMappings] : []),
    ...(extensions.inhibitAnyPolicy === undefined ? [] : [OID.inhibitAnyPolicy]),
    ...(extensions.basicConstraints?.ca && holdsBasicConstraints(place, profile)
      ? [OID.basicConstraints]
      : []),
  ];
}

/** §6.1.4 (k) takes an intermediate's basicConstraints as they are (NIST PKITS 4.6.4). The MUST of §4.2.1.9 is held
 *  against the two that whoever asks can have made anew: the certificate asked about and the anchor chosen. */
function holdsBasicConstraints(place: Place, profile: CertificateRules['profile']): boolean {
  return profile === 'webpki' || place !== 'intermediate';
}

/** MUST be non-critical, and for the distribution points and issuerAltName SHOULD. */
const NEVER_CRITICAL: readonly string[] = [
  OID.authorityKeyIdentifier,
  OID.subjectKeyIdentifier,
  OID.subjectDirectoryAttributes,
  OID.freshestCRL,
  OID.authorityInfoAccess,
  OID.subjectInfoAccess,
  OID.issuerAltName,
  OID.cRLDistributionPoints,
];
