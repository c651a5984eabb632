import type { Profile } from '../ca/profiles.js';
import { freshSerialNumber, signCertificate } from '../ca/sign-certificate.js';
import { BACKDATE_MS } from '../ca/validity-period.js';
import { type GeneratedKey, generateKey } from '../keys/generate-key.js';
import type { KeyType } from '../keys/key-type.js';
import type { Signer } from '../keys/signer.js';
import type { Validity } from '../x509/certificate.js';
import type { Extension } from '../x509/extension.js';
import type { GeneralName } from '../x509/general-name.js';
import { encodePem } from '../x509/pem.js';
import type { CredentialContext, MintedCredential, MintingAuthority } from './credential.js';
import type { Intermediate } from './intermediate.js';

/** In what a certificate differs from the good one. */
export interface Deviation {
  readonly validity?: Validity;
  readonly profile?: Profile;
  readonly serialNumber?: bigint;
  readonly subjectAltName?: readonly GeneralName[];
  readonly moreExtensions?: readonly Extension[];
  readonly key?: MadeKey;
  /** The intermediate that issues it, instead of our issuing CA. */
  readonly intermediate?: Intermediate;
  /** Who signs instead of the issuing CA. */
  readonly signer?: Signer;
  /** What follows the certificate instead of the issuing CA's. */
  readonly issuers?: readonly Uint8Array[];
}

/** A key pair in DER; of a type, perhaps, that nobody can ask for. */
export type MadeKey = Omit<GeneratedKey, 'keyType'> & { readonly keyType: string };

/** Makes a leaf as the issuing CA would, but for what is said to differ. */
export async function mint(context: CredentialContext, deviation: Deviation = {}): Promise<MintedCredential> {
  const { authority, profile, subject, subjectAltName, keyType, validity } = context;
  const { parsed, role } = deviation.intermediate ?? authority.issuing;
  const key = deviation.key ?? (await leafKey(authority, keyType));
  const certificate = await signCertificate(
    {
      profile: deviation.profile ?? profile,
      subject,
      subjectAltName: deviation.subjectAltName ?? subjectAltName,
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      validity: deviation.validity ?? validity,
      issuer: { subject: parsed.subject, subjectPublicKeyInfo: parsed.subjectPublicKeyInfo.der, role },
      urls: {},
      ...(deviation.moreExtensions && { moreExtensions: deviation.moreExtensions }),
    },
    deviation.signer ?? deviation.intermediate?.signer ?? (await authority.signer(authority.issuing)),
    deviation.serialNumber ?? freshSerialNumber(),
  );
  const issuers = deviation.issuers ?? deviation.intermediate?.chain ?? issuersOf(context);
  return minted(key, [certificate, ...issuers]);
}

/** From five minutes ago, for clocks that differ, to ten minutes from now. */
export function tenMinutes(now: Date): Validity {
  return { notBefore: secondsFrom(now, -BACKDATE_MS), notAfter: secondsFrom(now, LIFETIME_MS) };
}

/** So many milliseconds from then, in the whole seconds that a certificate has. */
export function secondsFrom(then: Date, milliseconds: number): Date {
  return new Date(Math.floor((then.getTime() + milliseconds) / 1000) * 1000);
}

/** A key just made and the chain that belongs to it. */
export function minted(key: MadeKey, chain: readonly Uint8Array[]): MintedCredential {
  return { chain, privateKey: encodePem('PRIVATE KEY', key.pkcs8), keyType: key.keyType };
}

/** What is sent above a leaf of the issuing CA: its certificate; nothing where it is the root, which no client sends. */
export function issuersOf({ authority }: Pick<CredentialContext, 'authority'>): Uint8Array[] {
  return authority.root === null ? [] : [authority.issuing.parsed.der];
}

/** A key for a leaf. RSA keys are slow to make: one does for all credentials of an authority. */
export function leafKey(authority: MintingAuthority, keyType: KeyType): Promise<GeneratedKey> {
  if (!keyType.startsWith('rsa-')) return generateKey(keyType);
  const known = rsaKeys.get(authority) ?? new Map<KeyType, Promise<GeneratedKey>>();
  rsaKeys.set(authority, known);
  const key = known.get(keyType) ?? generateKey(keyType);
  known.set(keyType, key);
  return key;
}

const rsaKeys = new WeakMap<MintingAuthority, Map<KeyType, Promise<GeneratedKey>>>();
const LIFETIME_MS = 10 * 60 * 1000;
