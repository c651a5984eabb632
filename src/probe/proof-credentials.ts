import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { Credential, MintedCredential } from '../credentials/credential.js';
import { CREDENTIALS } from '../credentials/index.js';
import type { PresentedCredential } from '../credentials/presented-credential.js';
import type { KeyType } from '../keys/key-type.js';
import type { CertificateRequest } from '../tls/certificate-request.js';
import { SIGNATURE_SCHEME as SCHEME } from '../tls/signature-scheme.js';
import { parseCertificate } from '../x509/certificate.js';
import { commonNameOnly } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';

/** The CA that a proof is made with. */
export type ProvingAuthority = Pick<
  CertificateAuthority,
  'issuing' | 'root' | 'signer' | 'recordMinted' | 'folder'
>;

/** What to show: each credential with its certificate, or null where there is none to show. */
export type CredentialSet = ReadonlyArray<readonly [Credential, MintedCredential | null]>;

/** Makes the credentials of a proof, and has them written down before anybody sees them.
 *  @param presented shown as `good` where given; the bad ones carry its names */
export async function makeCredentials(
  authority: ProvingAuthority,
  keyType: KeyType,
  presented: PresentedCredential | null,
  now: Date,
): Promise<CredentialSet> {
  const subject = presented?.subject ?? commonNameOnly('sslapi-probe');
  const context = { authority, subject, subjectAltName: presented?.subjectAltName ?? [], keyType, now };
  const minted = await Promise.all(
    CREDENTIALS.map(async (credential) => {
      if (credential.id === 'good' && presented !== null) return [credential, presented] as const;
      return [credential, await credential.make(context)] as const;
    }),
  );
  await authority.recordMinted(
    minted.flatMap(([{ id }, made]) =>
      made === null || made === presented ? [] : [{ serialNumber: serialOf(made), what: id }],
    ),
  );
  return minted;
}

/** The type of key to make certificates with, so that a TLS library does send them: the first that the server allows,
 *  RFC 8446 §4.3.2, RFC 5246 §7.4.4. */
export function keyTypeFor(request: CertificateRequest | null): KeyType {
  const schemes = request?.signatureSchemes;
  const types = request?.certificateTypes ?? [];
  const isAllowed = ({ scheme, type }: AllowedKey): boolean =>
    (!schemes || schemes.some((one) => scheme.includes(one))) && (types.length === 0 || types.includes(type));
  return ALLOWED_KEYS.find(isAllowed)?.keyType ?? 'ec-p256';
}

interface AllowedKey {
  readonly keyType: KeyType;
  readonly scheme: readonly number[];
  /** ClientCertificateType: 1 rsa_sign, 64 ecdsa_sign, which stands for Ed25519 too (RFC 8422 §5.5). */
  readonly type: number;
}

const RSA_SCHEMES = [SCHEME.rsa_pss_rsae_sha256, SCHEME.rsa_pkcs1_sha256];
const ALLOWED_KEYS: readonly AllowedKey[] = [
  { keyType: 'ec-p256', scheme: [SCHEME.ecdsa_secp256r1_sha256], type: 64 },
  { keyType: 'rsa-2048', scheme: RSA_SCHEMES, type: 1 },
  { keyType: 'ec-p384', scheme: [SCHEME.ecdsa_secp384r1_sha384], type: 64 },
  { keyType: 'ed25519', scheme: [SCHEME.ed25519], type: 64 },
];

function serialOf({ chain }: MintedCredential): string {
  return serialNumberHex(parseCertificate(chain[0]!).serialNumber);
}
