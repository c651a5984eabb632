import type { Lint } from '../lint.js';
import { authorityKeyIdentifierIsPlain } from './authority-key-identifier-is-plain.js';
import { caBasicConstraintsAreCritical } from './ca-basic-constraints-are-critical.js';
import { caHasKeyIdentifier } from './ca-has-key-identifier.js';
import { caLeavesPurposesOpen } from './ca-leaves-purposes-open.js';
import { caMaySignCertificates } from './ca-may-sign-certificates.js';
import { countryIsTwoLetters } from './country-is-two-letters.js';
import { dnsNamesAreNoAddresses } from './dns-names-are-no-addresses.js';
import { dnsNamesAreWellFormed } from './dns-names-are-well-formed.js';
import { extensionsAreUnique } from './extensions-are-unique.js';
import { extensionsAreWellFormed } from './extensions-are-well-formed.js';
import { hasNoUniqueIdentifiers } from './has-no-unique-identifiers.js';
import { keyIsStrong } from './key-is-strong.js';
import { keyUsageFitsKey } from './key-usage-fits-key.js';
import { keyUsageIsCritical } from './key-usage-is-critical.js';
import { leafSaysItsPurpose } from './leaf-says-its-purpose.js';
import { leafSignsNoCertificates } from './leaf-signs-no-certificates.js';
import { nameConstraintsAreCritical } from './name-constraints-are-critical.js';
import { namelessSubjectHasCriticalNames } from './nameless-subject-has-critical-names.js';
import { namesKeyOfIssuer } from './names-key-of-issuer.js';
import { rsaSignatureHasNull } from './rsa-signature-has-null.js';
import { serialNumberIsLong } from './serial-number-is-long.js';
import { serialNumberIsPositive } from './serial-number-is-positive.js';
import { serverHasNames } from './server-has-names.js';
import { serverLives398DaysAtMost } from './server-lives-398-days-at-most.js';
import { serverLives825DaysAtMost } from './server-lives-825-days-at-most.js';
import { signatureAlgorithmsAreEqual } from './signature-algorithms-are-equal.js';
import { signatureHashIsStrong } from './signature-hash-is-strong.js';
import { commonNameIsAmongNames } from './subject-cn-is-among-names.js';
import { timeTypesAreRight } from './times-are-encoded-right.js';
import { tlsKeyMaySign } from './tls-key-may-sign.js';
import { validityIsOrdered } from './validity-is-ordered.js';
import { versionIs3 } from './version-is-3.js';
import { wildcardIsWholeLabel } from './wildcard-is-whole-label.js';

/** Every lint, in the order of a certificate's fields. */
export const LINTS: readonly Lint[] = [
  versionIs3,
  serialNumberIsPositive,
  serialNumberIsLong,
  validityIsOrdered,
  timeTypesAreRight,
  caBasicConstraintsAreCritical,
  caMaySignCertificates,
  leafSignsNoCertificates,
  caLeavesPurposesOpen,
  caHasKeyIdentifier,
  namesKeyOfIssuer,
  authorityKeyIdentifierIsPlain,
  keyIsStrong,
  signatureHashIsStrong,
  extensionsAreUnique,
  extensionsAreWellFormed,
  leafSaysItsPurpose,
  tlsKeyMaySign,
  serverHasNames,
  commonNameIsAmongNames,
  serverLives825DaysAtMost,
  serverLives398DaysAtMost,
  wildcardIsWholeLabel,
  dnsNamesAreWellFormed,
  dnsNamesAreNoAddresses,
  namelessSubjectHasCriticalNames,
  keyUsageIsCritical,
  nameConstraintsAreCritical,
  rsaSignatureHasNull,
  signatureAlgorithmsAreEqual,
  countryIsTwoLetters,
  keyUsageFitsKey,
  hasNoUniqueIdentifiers,
];
