import { policyOf } from '../../policy/policies.js';

/** A list of cipher suites for OpenSSL, without its own idea of what is too weak: it shows and speaks what is asked of it. */
export function ofAnyStrength(ciphers: string): string {
  return `${ciphers}:@SECLEVEL=0`;
}

/** What a faultless server speaks. */
export const FAULTLESS_CIPHERS: string = [
  ...policyOf('intermediate').cipherSuites['TLSv1.3'],
  ...policyOf('intermediate').cipherSuites['TLSv1.2'],
]
  .map(({ opensslName }) => opensslName)
  .join(':');

/** As OpenSSL writes them: at security level 0 it would sign over SHA-1, too. */
export const STRONG_SIGNATURES =
  'ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:RSA+SHA256:RSA+SHA384:RSA+SHA512';
