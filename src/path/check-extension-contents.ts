import { DerError, DerReader, TAG } from '../x509/der.js';
import { decodeString } from '../x509/directory-string.js';
import type { PolicyInformation, PolicyQualifier } from '../x509/extensions/certificate-policies.js';
import { OID } from '../x509/oid.js';
import type { CertificateRules, Place } from './check-certificate.js';
import { constraintFault } from './name-syntax.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** What extensions say, held against each other and against the kind of certificate; RFC 5280 §4.2.1. */
export function checkExtensionContents(
  subject: PathCertificate,
  place: Place,
  { profile }: Pick<CertificateRules, 'profile'>,
): Refusal | null {
  return (
    checkKeyIdentifiers(subject, place) ??
    checkCaFields(subject) ??
    checkNameConstraintSyntax(subject, profile) ??
    checkPolicies(subject, place) ??
    checkMappings(subject)
  );
}

/** §4.2.1.1, §4.2.1.2, §A.2. A certificate without extensions (version 1 and 2) has nowhere to put them. */
function checkKeyIdentifiers(subject: PathCertificate, place: Place): Refusal | null {
  const { certificate, extensions } = subject;
  const { authorityKeyIdentifier: aki, subjectKeyIdentifier: ski } = extensions;
  if (certificate.version < 3) return null;
  if (
    aki !== undefined &&
    (aki.authorityCertIssuer === undefined) !== (aki.authorityCertSerialNumber === undefined)
  ) {
    return refusal(
      'extension-malformed',
      'authorityKeyIdentifier has one of issuer and serial number, not both',
    );
  }
  if (aki?.keyIdentifier === undefined && !(place === 'anchor' && subject.selfIssued)) {
    return refusal('authority-key-identifier-missing', 'there is no keyIdentifier of the issuer');
  }
  if (ski === undefined && extensions.basicConstraints?.ca) {
    return refusal('subject-key-identifier-missing', 'a CA without a subjectKeyIdentifier');
  }
  return null;
}

/** §4.2.1.3, §4.2.1.5, §4.2.1.9, §4.2.1.10: what only a CA may say. */
function checkCaFields({ extensions }: PathCertificate): Refusal | null {
  const { basicConstraints, keyUsage, nameConstraints, policyMappings } = extensions;
  if (keyUsage?.size === 0) return refusal('extension-malformed', 'a keyUsage without a bit');
  if (basicConstraints?.ca) return null;
  if (basicConstraints?.pathLenConstraint !== undefined) {
    return refusal('extension-misplaced', 'pathLenConstraint without cA');
  }
  if (keyUsage?.has('keyCertSign')) {
    return refusal('extension-misplaced', 'keyUsage has keyCertSign, but basicConstraints no cA');
  }
  if (nameConstraints || policyMappings) {
    const name = nameConstraints ? 'nameConstraints' : 'policyMappings';
    return refusal('extension-misplaced', `${name} in a certificate that is no CA’s`);
  }
  return null;
}

function checkNameConstraintSyntax(
  { extensions: { nameConstraints } }: PathCertificate,
  profile: CertificateRules['profile'],
): Refusal | null {
  if (nameConstraints === undefined) return null;
  for (const base of [...nameConstraints.permittedSubtrees, ...nameConstraints.excludedSubtrees]) {
    if (WITHOUT_RULES.includes(base.type)) {
      return refusal('name-constraint-unsupported', `a constraint on ${base.type}`);
    }
    const fault = constraintFault(base, profile === 'webpki');
    if (fault !== null) return refusal('extension-malformed', fault);
  }
  return null;
}

/** §4.2.1.4: qualifiers that may be, and for the certificate asked about their text; CAs have what they once wrote. */
function checkPolicies({ extensions }: PathCertificate, place: Place): Refusal | null {
  for (const policy of extensions.certificatePolicies ?? []) {
    const fault = policyFault(policy, extensions.critical.has(OID.certificatePolicies), place);
    if (fault !== null) return refusal('extension-malformed', `certificatePolicies: ${fault}`);
  }
  return null;
}

function policyFault(
  { policyIdentifier, policyQualifiers }: PolicyInformation,
  critical: boolean,
  place: Place,
): string | null {
  for (const qualifier of policyQualifiers) {
    const known = qualifier.policyQualifierId === CPS || qualifier.policyQualifierId === USER_NOTICE;
    if (!known && (critical || policyIdentifier === OID.anyPolicy)) {
      return `a qualifier ${qualifier.policyQualifierId} that cannot be interpreted`;
    }
    const fault = known && place === 'leaf' ? qualifierFault(qualifier) : null;
    if (fault !== null) return fault;
  }
  return null;
}

function qualifierFault({ policyQualifierId, value }: PolicyQualifier): string | null {
  try {
    const reader = new DerReader(value);
    if (policyQualifierId === CPS) reader.element(TAG.ia5String);
    else return noticeFault(reader.enter(TAG.sequence));
    return null;
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

/** UserNotice: explicitText is UTF8String or IA5String, never BMPString, without control characters. VisibleString, now
 *  forbidden, was RFC 2459's for it, and certificates have it still (NIST PKITS 4.8.18). */
function noticeFault(notice: DerReader): string | null {
  if (notice.nextIs(TAG.sequence)) readNoticeReference(notice.enter(TAG.sequence));
  if (notice.done) return null;
  const { value, tag } = decodeString(notice);
  notice.finish();
  if (!DISPLAY_TEXT.includes(tag)) return 'explicitText is no UTF8String';
  return /\p{Cc}/u.test(value) ? 'explicitText has control characters' : null;
}

function readNoticeReference(reader: DerReader): void {
  decodeString(reader);
  const numbers = reader.enter(TAG.sequence);
  while (!numbers.done) numbers.element(TAG.integer);
  reader.finish();
}

/** §4.2.1.5: anyPolicy is never mapped, and what is mapped stands among the certificate's own policies. */
function checkMappings({ extensions }: PathCertificate): Refusal | null {
  const own = new Set(extensions.certificatePolicies?.map(({ policyIdentifier }) => policyIdentifier));
  for (const { issuerDomainPolicy, subjectDomainPolicy } of extensions.policyMappings ?? []) {
    if (issuerDomainPolicy === OID.anyPolicy || subjectDomainPolicy === OID.anyPolicy) {
      return refusal('policy-mapping-invalid', 'anyPolicy is mapped');
    }
    if (!own.has(issuerDomainPolicy) && !own.has(OID.anyPolicy)) {
      return refusal(
        'policy-mapping-invalid',
        `${issuerDomainPolicy} is mapped, but no policy of the certificate`,
      );
    }
  }
  return null;
}

const DISPLAY_TEXT: readonly number[] = [TAG.utf8String, TAG.ia5String, TAG.visibleString];
const CPS = '1.3.6.1.5.5.7.2.1';
const USER_NOTICE = '1.3.6.1.5.5.7.2.2';
/** §4.2.1.10: forms on which no constraint SHOULD be imposed, and for which there are no rules. */
const WITHOUT_RULES: readonly string[] = ['x400Address', 'ediPartyName', 'registeredID'];
