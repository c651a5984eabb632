/** A named group as OpenSSL's oldest living versions call it, for configuration files. */
export function opensslGroup(group: string): string {
  return OPENSSL_GROUPS[group] ?? group;
}

const OPENSSL_GROUPS: Readonly<Record<string, string>> = {
  x25519: 'X25519',
  x448: 'X448',
  secp256r1: 'prime256v1',
};
