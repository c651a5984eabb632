import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { KeyType } from '../keys/key-type.js';
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
  readonly expected: 'accept' | 'refuse';
  /** By what somebody gains who gets in with it. */
  readonly severity: Severity;
  /** Makes it; null where it consists in showing no certificate at all. */
  make(context: CredentialContext): Promise<MintedCredential | null>;
}

/** What an attacker gains, from nothing to everything. */
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** What a credential is made of. */
export interface CredentialContext {
  readonly authority: MintingAuthority;
  /** Subject and SAN of `good`, which the bad ones carry too. */
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
  /** A type that the server's CertificateRequest allows. */
  readonly keyType: KeyType;
  readonly now: Date;
}

/** The CA that the endpoint is to believe: what of it the credentials need. */
export type MintingAuthority = Pick<CertificateAuthority, 'issuing' | 'root' | 'signer'>;

/** A credential that can be shown; it lives in memory only. */
export interface MintedCredential {
  /** In DER, the client's own first, without the root. */
  readonly chain: readonly Uint8Array[];
  /** PKCS#8 in PEM. */
  readonly privateKey: string;
  /** As `--key-type` names it; for a certificate that was brought along, as its key is described. */
  readonly keyType: string;
}
