/** Why a key or a hash is too weak to rely on; `unknown` where we cannot judge it, which is a refusal too. */
export type Weakness =
  | 'key-too-short'
  | 'curve-not-allowed'
  | 'key-type-not-allowed'
  | 'hash-broken'
  | 'hash-unknown';

/** What is wrong with it, and a sentence that says so. */
export interface WeaknessFound {
  readonly weakness: Weakness;
  readonly message: string;
}

/** Which keys and hashes count as strong enough. */
export interface KeyStrength {
  readonly date: string;
  readonly source: string;
  /** The fewest bits of an RSA modulus. */
  readonly minimumRsaBits: number;
  /** Every other kind of key that is strong enough, as `describeKey` and `--key-type` write it. */
  readonly keyTypes: readonly string[];
  /** Digests that a signature may be made over. */
  readonly hashes: readonly string[];
  /** Digests with known collisions. */
  readonly brokenHashes: readonly string[];
}

/** Our default: 112 bits and more, and no curve that a TLS stack of today would refuse. */
export const DEFAULT_KEY_STRENGTH: KeyStrength = {
  date: '2020-05-04',
  source: 'NIST SP 800-57 part 1 revision 5, tables 2 and 3; RFC 9325 §4.5; RFC 9155',
  minimumRsaBits: 2048,
  keyTypes: ['ec-p256', 'ec-p384', 'ec-p521', 'ed25519', 'ed448', 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'],
  hashes: ['sha224', 'sha256', 'sha384', 'sha512', 'sha512-256', 'sha3-256', 'sha3-384', 'sha3-512'],
  brokenHashes: ['md2', 'md4', 'md5', 'sha1'],
};

/** What makes a public key too weak; null where it is strong enough.
 *  @param keyType the kind and size in one word: rsa-2048, rsa-pss-3072, ec-p256, ed25519 */
export function keyWeakness(
  keyType: string,
  strength: KeyStrength = DEFAULT_KEY_STRENGTH,
): WeaknessFound | null {
  const rsa = /^rsa(?:-pss)?-(\d+)$/.exec(keyType);
  if (rsa !== null) return rsaWeakness(Number(rsa[1]), strength);
  if (strength.keyTypes.includes(keyType)) return null;
  if (keyType.startsWith('ec-')) {
    const curves = strength.keyTypes.filter((type) => type.startsWith('ec-')).map((type) => type.slice(3));
    return {
      weakness: 'curve-not-allowed',
      message: `the curve ${keyType.slice(3)} is not one of ${curves.join(', ')}`,
    };
  }
  return { weakness: 'key-type-not-allowed', message: `a key of type ${keyType} is not accepted` };
}

/** What makes a signature's digest too weak; null where it is strong enough.
 *  @param hash its name in lower case, without a hyphen inside: md5, sha1, sha256 */
export function hashWeakness(
  hash: string,
  strength: KeyStrength = DEFAULT_KEY_STRENGTH,
): WeaknessFound | null {
  if (strength.hashes.includes(hash)) return null;
  if (strength.brokenHashes.includes(hash)) {
    return { weakness: 'hash-broken', message: `${hash.toUpperCase()} signatures can be forged` };
  }
  return { weakness: 'hash-unknown', message: `the hash ${hash} is not accepted` };
}

/** The digest in a signature algorithm's name, as `sha1WithRSAEncryption`, `ecdsaWithSHA256` and `rsa_pkcs1_sha256`
 *  write it; null where the algorithm fixes its own (Ed25519, ML-DSA) or keeps it in its parameters (RSASSA-PSS). */
export function hashOfSignature(algorithm: string): string | null {
  return /(?:md[245]|sha(?:1|224|256|384|512))(?![0-9])/i.exec(algorithm)?.[0].toLowerCase() ?? null;
}

function rsaWeakness(bits: number, { minimumRsaBits }: KeyStrength): WeaknessFound | null {
  if (bits >= minimumRsaBits) return null;
  return {
    weakness: 'key-too-short',
    message: `an RSA key of ${bits} bits is shorter than ${minimumRsaBits}`,
  };
}
