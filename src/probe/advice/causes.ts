import type { Topic } from './server-lines.js';

/** Why something was let in, the likeliest first, and what has to be put right. */
export interface Cause {
  readonly why: string;
  readonly topic: Topic;
  /** What else to do, or how it may be no fault at all. */
  readonly also?: string;
}

const UNVERIFIED: Cause = {
  why: 'the chain is not verified, or what came of it is not looked at',
  topic: 'verify',
};
const UNSIGNED: Cause = {
  why: 'issuers are told by their names, signatures are not verified, or what came of it is not looked at',
  topic: 'verify',
};
/** The same words for both, so that a report says them once. */
const UNDATED: Cause = {
  why: 'dates are not checked: the error is let pass, or the clock of the server is wrong',
  topic: 'dates',
};
const ANY_PURPOSE: Cause = {
  why: 'the purpose is not checked, so any server’s certificate of our CA opens this, its own too',
  topic: 'purpose',
};

/** By the id of the credential or the way around. */
export const CAUSES: Readonly<Record<string, Cause>> = {
  good: { why: 'it is let in, as it should be', topic: 'require' },
  none: {
    why: 'certificates are optional here, or asked for on other paths, names or protocols alone',
    topic: 'require',
    also: 'if this page is for everybody, give one that is not with --path, or what only a known client sees with --expect',
  },
  'self-signed': UNVERIFIED,
  'rogue-ca': UNSIGNED,
  'other-ca': UNVERIFIED,
  'wrong-key': {
    why: 'the server does not check that the client has the key (CertificateVerify): its TLS library is broken, or a terminator in front of it passes on certificates that it never verified',
    topic: 'verify',
  },
  'tampered-signature': UNSIGNED,
  'tampered-body': UNSIGNED,
  expired: UNDATED,
  'not-yet-valid': UNDATED,
  'eku-server-only': ANY_PURPOSE,
  'eku-code-signing': ANY_PURPOSE,
  revoked: {
    why: 'no CRL of ours is checked, or ours never got there: deploy crl-chain.pem first',
    topic: 'crl',
  },
  'revoked-latest': {
    why: 'the server reads an older CRL: deploy crl-chain.pem first, and reload after each `sslapi revoke`',
    topic: 'reload',
  },
  'revoked-issuer': {
    why: 'only the CRL of the issuing CA is checked, or none, or ours never got there: deploy crl-chain.pem first, it holds the root’s too',
    topic: 'every-crl',
  },
  'issued-by-leaf': UNVERIFIED,
  'path-length-exceeded': UNVERIFIED,
  'issuer-without-basic-constraints': UNVERIFIED,
  'issuer-without-cert-sign': UNVERIFIED,
  'expired-issuer': {
    why: 'dates of CAs are not checked: the error is let pass, or only the client’s own certificate is looked at',
    topic: 'dates',
  },
  'name-constraint-violation': UNVERIFIED,
  'unknown-critical-extension': UNVERIFIED,
  malformed: UNVERIFIED,
  'eku-none': {
    why: 'without an extKeyUsage every purpose is allowed (RFC 5280 §4.2.1.12), so this is no fault by itself',
    topic: 'purpose',
    also: 'see that the CA gives every certificate one, as sslapi does',
  },
  'eku-any': {
    why: 'anyExtendedKeyUsage counts as clientAuth here, as in Go',
    topic: 'purpose',
    also: 'let the CA issue none',
  },
  'ca-as-client': {
    why: 'nothing forbids a CA to be a client, and no server here does',
    topic: 'identity',
    also: 'let who is let in be named, not only verified',
  },
  'key-usage-without-signature': {
    why: 'keyUsage is not checked, as in Go: a key for something else signs here',
    topic: 'purpose',
  },
  'rsa-1024': { why: 'keys that are too short are taken', topic: 'strength' },
  sha1: { why: 'signatures over SHA-1 are taken', topic: 'strength' },
  'missing-intermediate': {
    why: 'the server has the issuing CA among its own, which is right for one PKI',
    topic: 'ca',
  },
  'duplicate-serial': {
    why: 'serial numbers are not held against a list of what was issued, and no server does that',
    topic: 'identity',
    also: 'the CA must never give one twice',
  },
  'very-long-chain': {
    why: 'chains of any length are verified, which costs the server time',
    topic: 'length',
  },
  'large-certificate': {
    why: 'certificates of tens of thousands of octets are read, which costs the server memory',
    topic: 'length',
  },
  'spoofed-header': {
    why: 'the application believes who only says so, and its proxy passes on what clients say',
    topic: 'headers',
    also: 'let nobody but the proxy reach the application',
  },
  'wrong-identity': {
    why: 'every client of the CA may have this: nobody holds the identity against the path',
    topic: 'identity',
  },
  'plain-http': { why: 'the same is served in clear, where nobody can be asked', topic: 'plain-http' },
  'other-servername': {
    why: 'another virtual host, most often the default one, serves the same to strangers',
    topic: 'names',
  },
  'resumed-stranger': {
    why: 'a session that began without a certificate, or under another name, counts for one of a client',
    topic: 'sessions',
  },
  'resumed-without-certificate': {
    why: 'a session is all that is asked for until it ends, as TLS has it: whoever has stolen one is the client',
    topic: 'sessions',
  },
  'resumed-after-revocation': {
    why: 'sessions outlive the revocation, or ours never got there: deploy crl-chain.pem first (--on-crl), and let sessions end with the reload',
    topic: 'sessions',
  },
  'open-connection-after-revocation': {
    why: 'who is connected is not looked at again, as in every server here but `sslapi serve`',
    topic: 'connections',
    also: 'bound the life of connections, and end them on a reload',
  },
};
