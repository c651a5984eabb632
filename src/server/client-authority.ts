import type { Revocation } from '../store/store.js';
import type { Certificate } from '../x509/certificate.js';

/** What a server asks of the CA whose clients it lets in; a CertificateAuthority is one. */
export interface ClientAuthority {
  readonly root: { readonly parsed: Certificate } | null;
  readonly issuing: { readonly parsed: Certificate };
  /** Null where it stands, 'unknown' where the store never heard of it.
   *  @param serialNumber lower-case hex */
  revocationOf(serialNumber: string): Promise<Revocation | null | 'unknown'>;
}

/** The CA that everything is trusted by: the root, or the only CA. */
export function trustAnchor({ root, issuing }: ClientAuthority): Certificate {
  return (root ?? issuing).parsed;
}
