/** What a proof says of faults that every kind of server may have: all that fails, in the order of the report. */

/** Nobody checks who signed what: only what the handshake itself proves still holds. */
export const UNVERIFIED = [
  'self-signed',
  'rogue-ca',
  'other-ca',
  'tampered-signature',
  'tampered-body',
  'expired',
  'not-yet-valid',
  'eku-server-only',
  'eku-code-signing',
  'revoked',
  'revoked-latest',
  'revoked-issuer',
  'issued-by-leaf',
  'path-length-exceeded',
  'issuer-without-basic-constraints',
  'issuer-without-cert-sign',
  'expired-issuer',
  'name-constraint-violation',
  'unknown-critical-extension',
] as const;

/** No CRL of ours is read. */
export const NO_CRL = ['revoked', 'revoked-latest', 'revoked-issuer'] as const;

/** Nobody is let in, for none of our certificates can be verified, and the server says whom it would let in instead. */
export const OTHERS_ONLY = ['good', 'foreign-client-ca'] as const;

/** Whoever writes our issuing CA's name into his certificate is let in. */
export const NAMED_ALIKE = [
  'rogue-ca',
  'tampered-signature',
  'tampered-body',
  'expired',
  'not-yet-valid',
  'eku-server-only',
  'eku-code-signing',
  'revoked',
  'revoked-latest',
] as const;
