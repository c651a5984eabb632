import type { Check } from '../check.js';
import { asksClientsInEveryVersion } from './asks-clients-in-every-version.js';
import { asksInFirstHandshake } from './asks-in-first-handshake.js';
import { certificateAlreadyValid } from './certificate-already-valid.js';
import { certificateChainComplete } from './certificate-chain-complete.js';
import { certificateChainOrdered } from './certificate-chain-ordered.js';
import { certificateChainWithoutRoot } from './certificate-chain-without-root.js';
import { certificateChainWithoutStrangers } from './certificate-chain-without-strangers.js';
import { certificateExpiresLater } from './certificate-expires-later.js';
import { certificateForServers } from './certificate-for-servers.js';
import { certificateHashStrong } from './certificate-hash-strong.js';
import { certificateKeyHeld } from './certificate-key-held.js';
import { certificateKeyStrong } from './certificate-key-strong.js';
import { certificateLifeBounded } from './certificate-life-bounded.js';
import { certificateLogged } from './certificate-logged.js';
import { certificateMatchesHostname } from './certificate-matches-hostname.js';
import { certificateMustStapleKept } from './certificate-must-staple-kept.js';
import { certificateNamesPresent } from './certificate-names-present.js';
import { certificateNotExpired } from './certificate-not-expired.js';
import { certificateNotRevoked } from './certificate-not-revoked.js';
import { certificateNotSelfSigned } from './certificate-not-self-signed.js';
import { certificateSameEverywhere } from './certificate-same-everywhere.js';
import { certificateTrusted } from './certificate-trusted.js';
import { certificateWithoutName } from './certificate-without-name.js';
import { certificateWithoutWildcard } from './certificate-without-wildcard.js';
import { choosesWhatWasOffered } from './chooses-what-was-offered.js';
import { clientSignaturesStrong } from './client-signatures-strong.js';
import { cookiesSecure } from './cookies-secure.js';
import { foreignClientCa } from './foreign-client-ca.js';
import { hidesServerVersion } from './hides-server-version.js';
import { marksDowngrades } from './marks-downgrades.js';
import { namesClientCas } from './names-client-cas.js';
import { namesFewClientCas } from './names-few-client-cas.js';
import { notExposedToBeast } from './not-exposed-to-beast.js';
import { notExposedToDrown } from './not-exposed-to-drown.js';
import { notExposedToFreak } from './not-exposed-to-freak.js';
import { notExposedToLogjam } from './not-exposed-to-logjam.js';
import { notExposedToLucky13 } from './not-exposed-to-lucky13.js';
import { notExposedToPoodle } from './not-exposed-to-poodle.js';
import { notExposedToRaccoon } from './not-exposed-to-raccoon.js';
import { notExposedToSweet32 } from './not-exposed-to-sweet32.js';
import { notVulnerableToCcsInjection } from './not-vulnerable-to-ccs-injection.js';
import { notVulnerableToHeartbleed } from './not-vulnerable-to-heartbleed.js';
import { notVulnerableToRobot } from './not-vulnerable-to-robot.js';
import { notVulnerableToTicketbleed } from './not-vulnerable-to-ticketbleed.js';
import { offersAeadSuites } from './offers-aead-suites.js';
import { offersForwardSecrecy } from './offers-forward-secrecy.js';
import { offersNo3desSuites } from './offers-no-3des-suites.js';
import { offersNoAnonymousSuites } from './offers-no-anonymous-suites.js';
import { offersNoDhUnder1024Bits } from './offers-no-dh-under-1024-bits.js';
import { offersNoDhUnder2048Bits } from './offers-no-dh-under-2048-bits.js';
import { offersNoDraftKyber } from './offers-no-draft-kyber.js';
import { offersNoExportSuites } from './offers-no-export-suites.js';
import { offersNoNullSuites } from './offers-no-null-suites.js';
import { offersNoObsoleteCiphers } from './offers-no-obsolete-ciphers.js';
import { offersNoRc4Suites } from './offers-no-rc4-suites.js';
import { offersNoSingleDesSuites } from './offers-no-single-des-suites.js';
import { offersNoSsl2 } from './offers-no-ssl-2.js';
import { offersNoSsl3 } from './offers-no-ssl-3.js';
import { offersNoStaticDh } from './offers-no-static-dh.js';
import { offersNoStaticRsa } from './offers-no-static-rsa.js';
import { offersNoSuitesThatH2Prohibits } from './offers-no-suites-that-h2-prohibits.js';
import { offersNoTls10 } from './offers-no-tls-1-0.js';
import { offersNoTls11 } from './offers-no-tls-1-1.js';
import { offersNoTls12SuitesInOlderVersions } from './offers-no-tls-1-2-suites-in-older-versions.js';
import { offersNoWeakGroups } from './offers-no-weak-groups.js';
import { offersPostQuantumKeyExchange } from './offers-post-quantum-key-exchange.js';
import { offersTls12Or13 } from './offers-tls-1-2-or-1-3.js';
import { offersTls13 } from './offers-tls-1-3.js';
import { policyCertificate } from './policy-certificate.js';
import { policyCipherSuites } from './policy-cipher-suites.js';
import { policyDh } from './policy-dh.js';
import { policyGroups } from './policy-groups.js';
import { policyHsts } from './policy-hsts.js';
import { policyProtocols } from './policy-protocols.js';
import { policyServerPreference } from './policy-server-preference.js';
import { policySignatureSchemes } from './policy-signature-schemes.js';
import { prefersStrongSuites } from './prefers-strong-suites.js';
import { redirectsPlainHttp } from './redirects-plain-http.js';
import { refusesClientRenegotiation } from './refuses-client-renegotiation.js';
import { refusesCompression } from './refuses-compression.js';
import { refusesEarlyData } from './refuses-early-data.js';
import { requestsClientCertificate } from './requests-client-certificate.js';
import { requiresClientCertificate } from './requires-client-certificate.js';
import { resumesSessions } from './resumes-sessions.js';
import { sendsHsts } from './sends-hsts.js';
import { signsWithNoMd5 } from './signs-with-no-md5.js';
import { signsWithNoSha1 } from './signs-with-no-sha-1.js';
import { staplesValidOcspResponse } from './staples-valid-ocsp-response.js';
import { starttlsBeginsClean } from './starttls-begins-clean.js';
import { supportsEncryptThenMac } from './supports-encrypt-then-mac.js';
import { supportsExtendedMasterSecret } from './supports-extended-master-secret.js';
import { supportsFallbackScsv } from './supports-fallback-scsv.js';
import { supportsSecureRenegotiation } from './supports-secure-renegotiation.js';
import { ticketsLiveAtMostADay } from './tickets-live-at-most-a-day.js';
import { ticketsLiveAtMostAWeek } from './tickets-live-at-most-a-week.js';
import { toleratesGrease } from './tolerates-grease.js';
import { toleratesUnknownVersions } from './tolerates-unknown-versions.js';
import { usesKnownDhGroups } from './uses-known-dh-groups.js';

/** The checks that read what the endpoint offers, and nothing else. */
export const OFFER_CHECKS: readonly Check[] = [
  // Versions
  offersTls12Or13,
  offersTls13,
  offersNoTls11,
  offersNoTls10,
  offersNoSsl3,
  offersNoSsl2,
  // Suites
  offersNoNullSuites,
  offersNoAnonymousSuites,
  offersNoExportSuites,
  offersNoRc4Suites,
  offersNoSingleDesSuites,
  offersNo3desSuites,
  offersNoObsoleteCiphers,
  offersAeadSuites,
  offersNoTls12SuitesInOlderVersions,
  prefersStrongSuites,
  offersNoSuitesThatH2Prohibits,
  // Keys and signatures
  offersForwardSecrecy,
  offersNoStaticRsa,
  offersNoStaticDh,
  offersNoDhUnder1024Bits,
  offersNoDhUnder2048Bits,
  usesKnownDhGroups,
  offersNoWeakGroups,
  signsWithNoMd5,
  signsWithNoSha1,
  offersPostQuantumKeyExchange,
  offersNoDraftKyber,
  // What a hello brings to light
  choosesWhatWasOffered,
  refusesCompression,
  supportsSecureRenegotiation,
  refusesClientRenegotiation,
  supportsExtendedMasterSecret,
  supportsEncryptThenMac,
  supportsFallbackScsv,
  marksDowngrades,
  toleratesGrease,
  toleratesUnknownVersions,
  // Sessions
  refusesEarlyData,
  ticketsLiveAtMostAWeek,
  ticketsLiveAtMostADay,
  resumesSessions,
  // Faults that are tried for
  notVulnerableToHeartbleed,
  notVulnerableToCcsInjection,
  notVulnerableToTicketbleed,
  notVulnerableToRobot,
  // Exposures that are derived
  notExposedToDrown,
  notExposedToPoodle,
  notExposedToBeast,
  notExposedToFreak,
  notExposedToLogjam,
  notExposedToSweet32,
  notExposedToLucky13,
  notExposedToRaccoon,
];

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
  certificateTrusted,
  certificateChainComplete,
  certificateMatchesHostname,
  certificateNamesPresent,
  certificateNotExpired,
  certificateAlreadyValid,
  certificateExpiresLater,
  certificateNotRevoked,
  certificateMustStapleKept,
  staplesValidOcspResponse,
  certificateKeyStrong,
  certificateHashStrong,
  certificateKeyHeld,
  certificateForServers,
  certificateNotSelfSigned,
  certificateSameEverywhere,
  certificateLogged,
  certificateLifeBounded,
  certificateChainOrdered,
  certificateChainWithoutStrangers,
  certificateChainWithoutRoot,
  certificateWithoutWildcard,
  certificateWithoutName,
  starttlsBeginsClean,
  ...OFFER_CHECKS,
  policyProtocols,
  policyCipherSuites,
  policyGroups,
  policySignatureSchemes,
  policyServerPreference,
  policyDh,
  policyCertificate,
  policyHsts,
  requestsClientCertificate,
  requiresClientCertificate,
  asksClientsInEveryVersion,
  asksInFirstHandshake,
  clientSignaturesStrong,
  namesClientCas,
  namesFewClientCas,
  foreignClientCa,
  redirectsPlainHttp,
  sendsHsts,
  cookiesSecure,
  hidesServerVersion,
];
