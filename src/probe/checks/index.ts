import type { Check } from '../check.js';
import { certificateExpiresLater } from './certificate-expires-later.js';
import { certificateMatchesHostname } from './certificate-matches-hostname.js';
import { certificateNotExpired } from './certificate-not-expired.js';
import { certificateTrusted } from './certificate-trusted.js';
import { foreignClientCa } from './foreign-client-ca.js';
import { negotiatesForwardSecrecy } from './negotiates-forward-secrecy.js';
import { negotiatesNoWeakCipher } from './negotiates-no-weak-cipher.js';
import { offersNoTls10 } from './offers-no-tls-1-0.js';
import { offersNoTls11 } from './offers-no-tls-1-1.js';
import { offersTls12Or13 } from './offers-tls-1-2-or-1-3.js';
import { policyCertificate } from './policy-certificate.js';
import { policyCipherSuites } from './policy-cipher-suites.js';
import { policyDh } from './policy-dh.js';
import { policyGroups } from './policy-groups.js';
import { policyHsts } from './policy-hsts.js';
import { policyProtocols } from './policy-protocols.js';
import { policyServerPreference } from './policy-server-preference.js';
import { policySignatureSchemes } from './policy-signature-schemes.js';
import { requestsClientCertificate } from './requests-client-certificate.js';
import { requiresClientCertificate } from './requires-client-certificate.js';

/** Every check, in the order of the report. */
export const CHECKS: readonly Check[] = [
  certificateTrusted,
  certificateMatchesHostname,
  certificateNotExpired,
  certificateExpiresLater,
  offersTls12Or13,
  offersNoTls11,
  offersNoTls10,
  negotiatesNoWeakCipher,
  negotiatesForwardSecrecy,
  requestsClientCertificate,
  requiresClientCertificate,
  foreignClientCa,
  policyProtocols,
  policyCipherSuites,
  policyGroups,
  policySignatureSchemes,
  policyServerPreference,
  policyDh,
  policyCertificate,
  policyHsts,
];
