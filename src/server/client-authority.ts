import type { Revocation } from '../store/store.js';
import type { Certificate } from '../x509/certificate.js';

/** What a server asks of the CA whose clients it lets in; a CertificateAuthority is one. */
export interface ClientAuthority {
  readonly root: KnownAuthority | null;
  readonly issuing: KnownAuthority;
  /** Null where it stands, 'unknown' where the store never heard of it.
   *  @param serialNumber lower-case hex
   *  @param authorityId the CA that gave it out */
  revocationOf(serialNumber: string, authorityId?: string): Promise<Revocation | null | 'unknown'>;
  /** A number that changes whenever anybody has written to the store; cheap enough to ask with every request. */
  storeVersion(): Promise<number>;
  /** A number that changes whenever somebody is revoked or let in again. */
  revocationEdition(): Promise<number>;
  /** Until when the last CRL of each CA is good. */
  crlEnds(): Promise<ReadonlyArray<{ readonly role: string; readonly nextUpdate: Date }>>;
}

/** One of its CAs. */
export interface KnownAuthority {
  readonly id: string;
  readonly parsed: Certificate;
}

/** The CA that everything is trusted by: the root, or the only CA. */
export function trustAnchor({ root, issuing }: Pick<ClientAuthority, 'root' | 'issuing'>): Certificate {
  return (root ?? issuing).parsed;
}
