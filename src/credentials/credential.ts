import type { Authority } from '../ca/authority-context.js';
import type { Profile } from '../ca/profiles.js';
import type { KeyType } from '../keys/key-type.js';
import type { Signer } from '../keys/signer.js';
import type { Validity } from '../x509/certificate.js';
import type { GeneralName } from '../x509/general-name.js';
import type { Name } from '../x509/name.js';

/** A certificate and key to try at an endpoint, and what an endpoint that checks must make of them. */
export interface Credential {
  /** The name of its file. */
  readonly id: string;
  /** The claim that holds where the endpoint does as expected. */
  readonly title: string;
  /** The one thing that is wrong with it. */
  readonly breaks: string;
  /** The clause that has it refused, or the weakness (CWE) where it is not. */
  readonly citation: string;
  /** What an endpoint that checks does with it; `either` where stacks differ and no clause decides. */
  readonly expected: 'accept' | 'refuse' | 'either';
  /** By what somebody gains who gets in with it. */
  readonly severity: Severity;
  /** What has to be at hand to make it. */
  readonly needs: Ingredient;
  /** The same without the fault, where `good` is not that: a chain through an intermediate of its own. */
  readonly twin?: Twin;
  /** Why there is none to make here, in words; null where there is. */
  whyNot?(context: CredentialContext): string | null;
  /** Makes it; null where it consists in showing no certificate at all. */
  make(context: CredentialContext): Promise<MintedCredential | null>;
}

/** What a credential is made with: nothing of ours; the certificate of the CA that issued `good`; the certificate and key of
 *  `good`; the key of the issuing CA; the key of the root. */
export type Ingredient = 'nothing' | 'issuer' | 'good' | 'issuing-key' | 'root-key';

/** A faultless credential, of which several others are the faulty side. */
export interface Twin {
  readonly id: string;
  /** Why a server that does all that it should may refuse it too. */
  readonly mayBeRefusedFor: string;
  make(context: CredentialContext): Promise<MintedCredential>;
}

/** What an attacker gains, from nothing to everything. */
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** What a credential is made of. */
export interface CredentialContext {
  readonly authority: MintingAuthority;
  /** What a faultless one is for: clients, or servers. */
  readonly profile: Profile;
  /** Subject and SAN of `good`, which the bad ones carry too. */
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
  /** A type that the server's CertificateRequest allows. */
  readonly keyType: KeyType;
  /** Whether it allows RSA keys. */
  readonly takesRsa: boolean;
  /** What `good` is, once it has been made; null where nobody has one. */
  readonly good: MintedCredential | null;
  /** Serial number of the newest entry on the published CRL of the issuing CA, the reserved one apart; null for none. */
  readonly latestRevoked: bigint | null;
  readonly now: Date;
  /** How long lives what a server might let in; ten minutes for what stays in memory. */
  readonly validity: Validity;
}

/** The CA that the endpoint is to believe: what of it the credentials need. Without its keys `signer` rejects. */
export interface MintingAuthority {
  readonly issuing: MintingCa;
  readonly root: MintingCa | null;
  signer(authority: MintingCa): Promise<Signer>;
}

export type MintingCa = Pick<Authority, 'id' | 'role' | 'parsed' | 'reservedSerial'>;

/** A credential that can be shown; it lives in memory only. */
export interface MintedCredential {
  /** In DER, the client's own first, without the root. */
  readonly chain: readonly Uint8Array[];
  /** PKCS#8 in PEM. */
  readonly privateKey: string;
  /** As `--key-type` names it; for a certificate that was brought along, as its key is described. */
  readonly keyType: string;
  /** node:tls would not send it: the key is another's, or the certificate is none. */
  readonly ownEngine?: true;
}
