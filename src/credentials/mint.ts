import { PROFILES, type Profile } from '../ca/profiles.js';
import { freshSerialNumber, signCertificate } from '../ca/sign-certificate.js';
import { BACKDATE_MS } from '../ca/validity-period.js';
import { type GeneratedKey, generateKey } from '../keys/generate-key.js';
import type { Signer } from '../keys/signer.js';
import type { Validity } from '../x509/certificate.js';
import { encodePem } from '../x509/pem.js';
import type { CredentialContext, MintedCredential } from './credential.js';

/** In what a certificate differs from the good one. */
export interface Deviation {
  readonly validity?: Validity;
  readonly profile?: Profile;
  readonly serialNumber?: bigint;
  /** Who signs instead of the issuing CA. */
  readonly signer?: Signer;
  /** What follows the certificate instead of the issuing CA's. */
  readonly issuers?: readonly Uint8Array[];
}

/** Makes a client certificate as the issuing CA would, for ten minutes, but for what is said to differ. */
export async function mint(context: CredentialContext, deviation: Deviation = {}): Promise<MintedCredential> {
  const { authority, subject, subjectAltName, keyType, now } = context;
  const { parsed, role } = authority.issuing;
  const key = await generateKey(keyType);
  const certificate = await signCertificate(
    {
      profile: deviation.profile ?? PROFILES.probe,
      subject,
      subjectAltName,
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      validity: deviation.validity ?? tenMinutes(now),
      issuer: { subject: parsed.subject, subjectPublicKeyInfo: parsed.subjectPublicKeyInfo.der, role },
      urls: {},
    },
    deviation.signer ?? (await authority.signer(authority.issuing)),
    deviation.serialNumber ?? freshSerialNumber(),
  );
  return minted(key, [certificate, ...(deviation.issuers ?? issuersOf(context))]);
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
export function minted(key: GeneratedKey, chain: readonly Uint8Array[]): MintedCredential {
  return { chain, privateKey: encodePem('PRIVATE KEY', key.pkcs8), keyType: key.keyType };
}

/** The issuing CA's certificate; none where it is the root, which no client sends. */
function issuersOf({ authority }: CredentialContext): Uint8Array[] {
  return authority.root === null ? [] : [authority.issuing.parsed.der];
}

const LIFETIME_MS = 10 * 60 * 1000;
