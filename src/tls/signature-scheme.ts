/** The code point of a SignatureScheme by its IANA name, RFC 8446 §4.2.3. */
export const SIGNATURE_SCHEME = {
  rsa_pkcs1_sha1: 0x0201,
  ecdsa_sha1: 0x0203,
  rsa_pkcs1_sha256: 0x0401,
  ecdsa_secp256r1_sha256: 0x0403,
  rsa_pkcs1_sha384: 0x0501,
  ecdsa_secp384r1_sha384: 0x0503,
  rsa_pkcs1_sha512: 0x0601,
  ecdsa_secp521r1_sha512: 0x0603,
  rsa_pss_rsae_sha256: 0x0804,
  rsa_pss_rsae_sha384: 0x0805,
  rsa_pss_rsae_sha512: 0x0806,
  ed25519: 0x0807,
  ed448: 0x0808,
  rsa_pss_pss_sha256: 0x0809,
  rsa_pss_pss_sha384: 0x080a,
  rsa_pss_pss_sha512: 0x080b,
  mldsa44: 0x0904,
  mldsa65: 0x0905,
  mldsa87: 0x0906,
} as const;

/** The IANA name of a SignatureScheme; for TLS 1.2's other pairs the hash and the signature, as `rsa_sha224`;
 *  `0xfe00` and the like for what no registry names. */
export function signatureSchemeName(scheme: number): string {
  return NAMES.get(scheme) ?? pairName(scheme) ?? `0x${scheme.toString(16).padStart(4, '0')}`;
}

/** The hash that a scheme signs, as node:crypto names it; null for those that hash by themselves, undefined where we know of
 *  none. The older schemes keep HashAlgorithm of TLS 1.2 in their upper octet, RFC 5246 §7.4.1.4.1. */
export function hashOfScheme(scheme: number): string | null | undefined {
  if (scheme === SIGNATURE_SCHEME.ed25519 || scheme === SIGNATURE_SCHEME.ed448) return null;
  return PSS_HASHES.get(scheme) ?? (scheme >> 8 === 0 ? undefined : HASHES[scheme >> 8]);
}

/** Whether a scheme is RSASSA-PSS, RFC 8446 §4.2.3. */
export function isPssScheme(scheme: number): boolean {
  return PSS_HASHES.has(scheme);
}

/** The SignatureScheme of an IANA name; null where there is none. */
export function signatureSchemeNumber(name: string): number | null {
  const known = [...NAMES].find(([, candidate]) => candidate === name);
  if (known !== undefined) return known[0];
  const [algorithm, hash] = name.split('_');
  const pair = [HASHES.indexOf(hash ?? ''), SIGNATURES.indexOf(algorithm ?? '')] as const;
  return pair[0] > 0 && pair[1] > 0 ? pair[0] * 256 + pair[1] : null;
}

/** Every scheme that is worth asking for: RFC 8446's, RFC 8734's brainpool, ML-DSA, and TLS 1.2's pairs
 *  of MD5, SHA-1 and SHA-224 with RSA, DSA and ECDSA. */
export function knownSignatureSchemes(): readonly number[] {
  const weakPairs = [1, 2, 3].flatMap((hash) => [1, 2, 3].map((signature) => hash * 256 + signature));
  const dsaPairs = [0x0402, 0x0502, 0x0602];
  return [...new Set([...NAMES.keys(), ...weakPairs, ...dsaPairs])].sort((a, b) => a - b);
}

/** HashAlgorithm and SignatureAlgorithm, RFC 5246 §7.4.1.4.1. */
function pairName(scheme: number): string | null {
  const hash = HASHES[scheme >> 8];
  const signature = SIGNATURES[scheme & 0xff];
  return hash === undefined || signature === undefined ? null : `${signature}_${hash}`;
}

const HASHES = ['none', 'md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];
const PSS_HASHES: ReadonlyMap<number, string> = new Map([
  [SIGNATURE_SCHEME.rsa_pss_rsae_sha256, 'sha256'],
  [SIGNATURE_SCHEME.rsa_pss_rsae_sha384, 'sha384'],
  [SIGNATURE_SCHEME.rsa_pss_rsae_sha512, 'sha512'],
  [SIGNATURE_SCHEME.rsa_pss_pss_sha256, 'sha256'],
  [SIGNATURE_SCHEME.rsa_pss_pss_sha384, 'sha384'],
  [SIGNATURE_SCHEME.rsa_pss_pss_sha512, 'sha512'],
]);
const SIGNATURES = ['anonymous', 'rsa', 'dsa', 'ecdsa'];

const NAMES: ReadonlyMap<number, string> = new Map([
  ...Object.entries(SIGNATURE_SCHEME).map(([name, scheme]): [number, string] => [scheme, name]),
  [0x081a, 'ecdsa_brainpoolP256r1tls13_sha256'],
  [0x081b, 'ecdsa_brainpoolP384r1tls13_sha384'],
  [0x081c, 'ecdsa_brainpoolP512r1tls13_sha512'],
  [0x0708, 'sm2sig_sm3'],
]);
