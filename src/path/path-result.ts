import type { Certificate } from '../x509/certificate.js';

interface RefusalKind {
  /** What is wrong, in a few words. */
  readonly title: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Where it is written. */
  readonly clause: string;
}

/** Every reason for which a certificate or its path is refused. A code never changes its meaning. */
export const REFUSALS = {
  // What was handed in
  'malformed-input': {
    title: 'The question cannot be read',
    remedy: 'Give PEM certificates, an ISO 8601 time and a known purpose.',
    clause: 'sslapi help verify',
  },
  'der-invalid': {
    title: 'The certificate is not DER',
    remedy: 'Fetch it anew; if it was issued so, its issuer must make it again.',
    clause: 'X.690 §10, §11; RFC 5280 §4.1',
  },
  'too-large': {
    title: 'The certificate is beyond a limit of size, depth or count',
    remedy: 'Issue one with fewer names and extensions.',
    clause: 'RFC 5280 §8',
  },

  // The certificate by itself
  'version-invalid': {
    title: 'The version does not fit the fields',
    remedy: 'Issue it as version 3.',
    clause: 'RFC 5280 §4.1.2.1',
  },
  'serial-number-invalid': {
    title: 'The serial number is not positive, or longer than 20 octets',
    remedy: 'Issue it with a positive serial number of at most 20 octets.',
    clause: 'RFC 5280 §4.1.2.2',
  },
  'signature-algorithm-mismatch': {
    title: 'The certificate names two signature algorithms',
    remedy: 'Its issuer must make it again.',
    clause: 'RFC 5280 §4.1.1.2',
  },
  'issuer-name-empty': {
    title: 'The issuer has no name',
    remedy: 'Give the CA a distinguished name.',
    clause: 'RFC 5280 §4.1.2.4',
  },
  'subject-name-empty': {
    title: 'The subject has no name where it needs one',
    remedy: 'Name the subject, or give it a critical subjectAltName; a CA always needs a distinguished name.',
    clause: 'RFC 5280 §4.1.2.6',
  },
  'time-encoding-invalid': {
    title: 'A date before 2050 is not a UTCTime',
    remedy: 'Its issuer must make it again.',
    clause: 'RFC 5280 §4.1.2.5',
  },
  'public-key-invalid': {
    title: 'The public key is none',
    remedy: 'Make a new key and have it certified.',
    clause: 'RFC 3279 §2.3; RFC 5480 §2; RFC 8410 §3',
  },
  'weak-key': {
    title: 'The key is too weak',
    remedy: 'Make a new one: ec-p256, or RSA of 2048 bits and more.',
    clause: 'NIST SP 800-57 part 1 rev. 5, table 2',
  },
  'weak-hash': {
    title: 'The signature is made over a broken hash',
    remedy: 'Have it signed again with SHA-256 or better.',
    clause: 'RFC 9155; NIST SP 800-57 part 1 rev. 5, table 3',
  },

  // Extensions
  'duplicate-extension': {
    title: 'An extension stands twice',
    remedy: 'Its issuer must make it again with one of each.',
    clause: 'RFC 5280 §4.2',
  },
  'unknown-critical-extension': {
    title: 'A critical extension is unknown',
    remedy: 'Only software that knows the extension can judge this certificate.',
    clause: 'RFC 5280 §4.2',
  },
  'extension-malformed': {
    title: 'An extension does not follow its syntax',
    remedy: 'Its issuer must make it again.',
    clause: 'RFC 5280 §4.2.1',
  },
  'extension-criticality-wrong': {
    title: 'An extension is critical where it must not be, or the reverse',
    remedy: 'Its issuer must make it again with the right criticality.',
    clause: 'RFC 5280 §4.2.1',
  },
  'extension-misplaced': {
    title: 'An extension says what this kind of certificate must not say',
    remedy: 'Leave it out of certificates that are no CA’s.',
    clause: 'RFC 5280 §4.2.1.3, §4.2.1.9, §4.2.1.10',
  },
  'authority-key-identifier-missing': {
    title: 'The authorityKeyIdentifier is missing or has no keyIdentifier',
    remedy: 'Issue it with authorityKeyIdentifier=keyid; only self-signed certificates may go without.',
    clause: 'RFC 5280 §4.2.1.1',
  },
  'authority-key-identifier-mismatch': {
    title: 'The authorityKeyIdentifier names another key or certificate of the issuer',
    remedy: 'Hand in the certificate of the issuer whose subjectKeyIdentifier it names.',
    clause: 'RFC 5280 §4.2.1.1, §4.2.1.2',
  },
  'subject-key-identifier-missing': {
    title: 'A CA certificate has no subjectKeyIdentifier',
    remedy: 'Issue it with subjectKeyIdentifier=hash.',
    clause: 'RFC 5280 §4.2.1.2',
  },
  'name-syntax-invalid': {
    title: 'A name is not what its type says',
    remedy:
      'Issue it with names of the right syntax: hosts without underscores, IDNs as A-labels, whole URIs.',
    clause: 'RFC 5280 §4.2.1.6',
  },
  'baseline-violation': {
    title: 'The certificate breaks the CA/Browser Forum’s baseline',
    remedy: 'Ask with --profile rfc5280 where the certificate is of a private PKI.',
    clause: 'CA/B Baseline Requirements §7.1',
  },

  // The certificate at its place in the path
  'cert-expired': {
    title: 'The certificate has expired',
    remedy: 'Renew it.',
    clause: 'RFC 5280 §6.1.3 (a)(2)',
  },
  'cert-not-yet-valid': {
    title: 'The certificate is not valid yet',
    remedy: 'Check the clock, or wait.',
    clause: 'RFC 5280 §6.1.3 (a)(2)',
  },
  'issuer-not-ca': {
    title: 'A certificate that is no CA’s signed another',
    remedy: 'Have it issued by a CA: basicConstraints with cA TRUE.',
    clause: 'RFC 5280 §6.1.4 (k)',
  },
  'key-cert-sign-missing': {
    title: 'The issuer’s key may not sign certificates',
    remedy: 'Have it issued by a CA whose keyUsage has keyCertSign.',
    clause: 'RFC 5280 §6.1.4 (n)',
  },
  'path-length-exceeded': {
    title: 'More CAs follow than a CA allows',
    remedy: 'Have it issued by a CA nearer to the root, or raise pathLenConstraint.',
    clause: 'RFC 5280 §6.1.4 (l)',
  },
  'max-depth-exceeded': {
    title: 'More intermediates than asked for',
    remedy: 'Raise --max-depth.',
    clause: 'RFC 5280 §6.1.1',
  },
  'eku-missing': {
    title: 'The extended key usage does not hold the purpose',
    remedy: 'Issue it with the right EKU: serverAuth or clientAuth; also in the CAs that have one.',
    clause: 'RFC 5280 §4.2.1.12',
  },
  'key-usage-unfit': {
    title: 'The key usage does not fit the purpose',
    remedy: 'Issue it with digitalSignature.',
    clause: 'RFC 5280 §4.2.1.12',
  },
  'name-constraint-violation': {
    title: 'A name lies outside of what a CA may name',
    remedy: 'Issue it by a CA whose nameConstraints permit the name.',
    clause: 'RFC 5280 §6.1.3 (b), (c)',
  },
  'name-constraint-unsupported': {
    title: 'A name is constrained in a form that has no rules',
    remedy: 'Leave constraints on otherName, x400Address, ediPartyName and registeredID out.',
    clause: 'RFC 5280 §4.2.1.10',
  },
  'policy-not-accepted': {
    title: 'No certificate policy is good for the whole path',
    remedy:
      'Ask for a policy that every certificate of the path has, or leave --require-explicit-policy out.',
    clause: 'RFC 5280 §6.1.5 (g); RFC 9618 §5',
  },
  'policy-mapping-invalid': {
    title: 'A policy mapping is not allowed',
    remedy: 'Map only policies that the certificate has, and never anyPolicy.',
    clause: 'RFC 5280 §4.2.1.5, §6.1.4 (a)',
  },
  'name-mismatch': {
    title: 'The certificate is not for that name',
    remedy: 'Issue it with the name in subjectAltName; the CN does not count.',
    clause: 'RFC 9525 §6',
  },

  // Signatures and the search for issuers
  'signature-invalid': {
    title: 'The signature is not the issuer’s',
    remedy: 'The certificate was changed, or another key of that name signed it.',
    clause: 'RFC 5280 §6.1.3 (a)(1)',
  },
  'signature-algorithm-unknown': {
    title: 'The signature algorithm is unknown or wrongly given',
    remedy: 'Have it signed with ECDSA, RSA or Ed25519; ML-DSA needs Node 24.7 or later.',
    clause: 'RFC 5280 §4.1.1.2',
  },
  'issuer-not-found': {
    title: 'No certificate of the issuer is at hand',
    remedy: 'Hand in the missing intermediate with --untrusted, or its root with --trusted.',
    clause: 'RFC 5280 §6.1.3 (a)(4)',
  },
  'root-not-trusted': {
    title: 'The path ends at a root that is not trusted',
    remedy: 'Check who it is; if you trust it, hand it in with --trusted.',
    clause: 'RFC 5280 §6.1.1 (d)',
  },
  'signature-budget-exceeded': {
    title: 'Too many signatures would have to be checked',
    remedy: 'Hand in only the intermediates that the path needs.',
    clause: 'RFC 5280 §8',
  },
  'path-budget-exceeded': {
    title: 'Too many paths would have to be tried',
    remedy: 'Hand in only the intermediates that the path needs.',
    clause: 'RFC 5280 §8',
  },
  'name-constraint-budget-exceeded': {
    title: 'Too many names would have to be compared with constraints',
    remedy: 'Issue it with fewer names.',
    clause: 'RFC 5280 §8',
  },
  'policy-budget-exceeded': {
    title: 'Too many policies and mappings',
    remedy: 'Issue the CAs with fewer policies.',
    clause: 'RFC 9618 §1',
  },

  // Revocation
  'cert-revoked': {
    title: 'The certificate is revoked',
    remedy: 'Do not use it; have a new one issued.',
    clause: 'RFC 5280 §6.3.3',
  },
  'crl-missing': {
    title: 'No CRL at hand speaks of the certificate',
    remedy: 'Hand in the CRL of its issuer with --crl: every CA’s of the path.',
    clause: 'RFC 5280 §6.3.3',
  },
  'crl-malformed': {
    title: 'The CRL does not follow its syntax',
    remedy: 'Fetch it anew; if it was issued so, its issuer must make it again.',
    clause: 'RFC 5280 §5.1, §5.2',
  },
  'crl-expired': {
    title: 'The CRL is past its nextUpdate',
    remedy: 'Fetch the newest CRL; on the CA, `sslapi gen-crl`.',
    clause: 'RFC 5280 §5.1.2.5, §6.3.3 (a)',
  },
  'crl-not-yet-valid': {
    title: 'The CRL is of the future',
    remedy: 'Check the clock.',
    clause: 'RFC 5280 §5.1.2.4',
  },
  'crl-signature-invalid': {
    title: 'The signature of the CRL is not its issuer’s',
    remedy: 'Fetch the CRL anew from its issuer.',
    clause: 'RFC 5280 §6.3.3 (g)',
  },
  'crl-issuer-not-trusted': {
    title: 'Who signed the CRL is not entitled to',
    remedy: 'The issuer of a CRL needs a valid path to the same root, and cRLSign where it has a keyUsage.',
    clause: 'RFC 5280 §6.3.3 (f)',
  },
  'crl-unknown-critical-extension': {
    title: 'A critical extension of the CRL is unknown',
    remedy: 'Only software that knows the extension can use this CRL.',
    clause: 'RFC 5280 §5.2, §5.3',
  },
  'crl-scope-incomplete': {
    title: 'The CRLs at hand do not cover every reason for a revocation',
    remedy: 'Hand in the CRLs of the other reasons too.',
    clause: 'RFC 5280 §6.3.3 (l)',
  },
  'ocsp-malformed': {
    title: 'The OCSP response does not follow its syntax',
    remedy: 'Ask the responder anew.',
    clause: 'RFC 6960 §4.2.1',
  },
  'ocsp-not-successful': {
    title: 'The OCSP responder gave no answer',
    remedy: 'Ask the responder anew.',
    clause: 'RFC 6960 §4.2.2.3',
  },
  'ocsp-not-trusted': {
    title: 'Who signed the OCSP response is not entitled to',
    remedy: 'The responder is the CA itself, or has a certificate by it with OCSPSigning.',
    clause: 'RFC 6960 §4.2.2.2',
  },
  'ocsp-expired': {
    title: 'The OCSP response is not of this time',
    remedy: 'Ask the responder anew.',
    clause: 'RFC 6960 §4.2.2.1',
  },
  'ocsp-status-unknown': {
    title: 'The OCSP response says nothing of the certificate',
    remedy: 'Ask the responder that the certificate names.',
    clause: 'RFC 6960 §2.2',
  },
} as const satisfies Record<string, RefusalKind>;

export type RefusalReason = keyof typeof REFUSALS;

/** What one check has to say against a certificate: the kind of fault, and a sentence with the values met. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly message: string;
}

/** The path found, or why there is none. */
export type PathResult = PathFound | PathRefused;

export interface PathFound {
  readonly ok: true;
  /** From the certificate asked about to the trust anchor, both included. */
  readonly path: readonly Certificate[];
  /** SHA-256 of each of them, lower-case hex. */
  readonly fingerprints: readonly string[];
  /** What the verdict does not say: where other software will judge otherwise, and the like. */
  readonly notes: readonly PathNote[];
}

export interface PathRefused extends Refusal {
  readonly ok: false;
  /** SHA-256 of the certificate at fault, lower-case hex; null where it is none of them. */
  readonly certificate: string | null;
  /** How far from the certificate asked about, which is 0. */
  readonly depth: number;
}

/** Something worth knowing about a path that is good. */
export interface PathNote {
  /** Stable, in kebab-case. */
  readonly code: string;
  readonly message: string;
}

export function refusal(reason: RefusalReason, message: string): Refusal {
  return { reason, message };
}
