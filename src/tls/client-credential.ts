import { constants, type KeyObject, type SignKeyObjectInput, sign } from 'node:crypto';
import { hashOfScheme, isPssScheme, SIGNATURE_SCHEME as SCHEME } from './signature-scheme.js';

/** What an exchange presents where a server asks for a client certificate. Nothing of it is judged: a chain that is malformed
 *  or a key of a type that the server does not want goes out as it is. */
export interface ClientCredential {
  /** The client's own first; DER, or whatever octets are to be tried. */
  readonly chain: readonly Uint8Array[];
  /** Body of the Certificate message in place of the one that the chain makes. */
  readonly certificateBody?: Uint8Array;
  /** Schemes that `sign` knows, best first: the first that the server takes is used, the first of all where it takes none. */
  readonly signatureSchemes: readonly number[];
  /** The signature of a CertificateVerify.
   *  @param content all that is signed, not hashed yet
   *  @param scheme one of `signatureSchemes` */
  readonly sign: (content: Uint8Array, scheme: number) => Uint8Array | Promise<Uint8Array>;
}

/** A credential that signs with a key in this process. The key need not belong to the chain. */
export function clientCredential(chain: readonly Uint8Array[], key: KeyObject): ClientCredential {
  return {
    chain,
    signatureSchemes: schemesOf(key),
    sign: (content, scheme) => sign(hashOfScheme(scheme) ?? null, content, signInput(key, scheme)),
  };
}

/** The scheme to sign with.
 *  @param wanted signature_algorithms of the CertificateRequest */
export function chosenScheme(
  { signatureSchemes }: ClientCredential,
  wanted: readonly number[] | null,
): number {
  return (
    signatureSchemes.find((scheme) => wanted?.includes(scheme)) ??
    signatureSchemes[0] ??
    SCHEME.ecdsa_secp256r1_sha256
  );
}

function schemesOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): readonly number[] {
  if (asymmetricKeyType === 'ec') return EC_SCHEMES[asymmetricKeyDetails?.namedCurve ?? ''] ?? EC_ANY;
  return SCHEMES[asymmetricKeyType ?? ''] ?? [];
}

function signInput(key: KeyObject, scheme: number): SignKeyObjectInput {
  if (!isPssScheme(scheme)) return { key };
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

const EC_ANY = [SCHEME.ecdsa_secp256r1_sha256, SCHEME.ecdsa_secp384r1_sha384, SCHEME.ecdsa_secp521r1_sha512];
/** TLS 1.3 binds the hash to the curve; TLS 1.2 does not, so the others come after. */
const EC_SCHEMES: Readonly<Record<string, readonly number[]>> = {
  prime256v1: EC_ANY,
  secp384r1: [SCHEME.ecdsa_secp384r1_sha384, SCHEME.ecdsa_secp256r1_sha256, SCHEME.ecdsa_secp521r1_sha512],
  secp521r1: [SCHEME.ecdsa_secp521r1_sha512, SCHEME.ecdsa_secp384r1_sha384, SCHEME.ecdsa_secp256r1_sha256],
};
const SCHEMES: Readonly<Record<string, readonly number[]>> = {
  rsa: [
    SCHEME.rsa_pss_rsae_sha256,
    SCHEME.rsa_pss_rsae_sha384,
    SCHEME.rsa_pkcs1_sha256,
    SCHEME.rsa_pkcs1_sha384,
    SCHEME.rsa_pkcs1_sha512,
    SCHEME.rsa_pkcs1_sha1,
  ],
  'rsa-pss': [SCHEME.rsa_pss_pss_sha256, SCHEME.rsa_pss_pss_sha384, SCHEME.rsa_pss_pss_sha512],
  ed25519: [SCHEME.ed25519],
  ed448: [SCHEME.ed448],
  'ml-dsa-44': [SCHEME.mldsa44],
  'ml-dsa-65': [SCHEME.mldsa65],
  'ml-dsa-87': [SCHEME.mldsa87],
};
