import { checkAlgorithmIdentifier } from './check-algorithm-identifier.js';
import { checkBaseline } from './check-baseline.js';
import { checkCriticality } from './check-criticality.js';
import { checkExtensionContents } from './check-extension-contents.js';
import { checkNames } from './check-names.js';
import { checkPublicKey } from './check-public-key.js';
import { checkSerialNumber } from './check-serial-number.js';
import { checkTimeEncoding } from './check-time-encoding.js';
import { checkVersion } from './check-version.js';
import type { PathCertificate } from './path-certificate.js';
import type { Refusal } from './path-result.js';
import type { Profile } from './verify-options.js';

/** Where a certificate stands in its path. */
export type Place = 'leaf' | 'intermediate' | 'anchor';

/** What the rules for one certificate depend on, beside itself. */
export interface CertificateRules {
  readonly profile: Profile;
  /** The caller gave policy inputs, so that policy extensions are processed whatever their criticality. */
  readonly policyProcessing: boolean;
  /** The certificate will be looked up in CRLs. */
  readonly revocationChecked: boolean;
}

/** Everything that can be held against a certificate without its issuer, its path or the time; null where nothing. */
export function checkCertificate(
  subject: PathCertificate,
  place: Place,
  rules: CertificateRules,
): Refusal | null {
  const key = `${place}/${rules.profile}/${rules.policyProcessing}/${rules.revocationChecked}`;
  const known = subject.findings.get(key);
  if (known !== undefined) return known;
  const found = runChecks(subject, place, rules);
  subject.findings.set(key, found);
  return found;
}

/** Of an anchor §6.1.1 (d) takes the name and the key, and we what bounds the path below it as well. Its serial number and
 *  the form of its dates bind nobody, and roots of old are trusted that have them wrong. */
function runChecks(subject: PathCertificate, place: Place, rules: CertificateRules): Refusal | null {
  return (
    checkVersion(subject) ??
    (place === 'anchor' ? null : checkSerialNumber(subject, rules)) ??
    checkAlgorithmIdentifier(subject) ??
    (place === 'anchor' ? null : checkTimeEncoding(subject)) ??
    ('reason' in subject.decoded ? subject.decoded : null) ??
    checkCriticality(subject, place, rules) ??
    checkNames(subject, place) ??
    checkExtensionContents(subject, place, rules) ??
    checkPublicKey(subject) ??
    (rules.profile === 'webpki' ? checkBaseline(subject, place) : null)
  );
}
