import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { SslapiError } from '../errors.js';
import { parseCertificateList } from '../x509/certificate-list.js';
import { formatName } from '../x509/name.js';
import { decodePem } from '../x509/pem.js';

/** A CRL that our CA has published, as far as the reason for a refusal needs it. */
export interface PublishedCrl {
  /** RFC 4514. */
  readonly issuer: string;
  readonly nextUpdate: Date | null;
}

/** The CRLs in the pki folder; none where there are none that can be read: they only explain a refusal. */
export function publishedCrls({ folder }: Pick<CertificateAuthority, 'folder'>): PublishedCrl[] {
  const pem = folder.read('crl-chain.pem');
  if (pem === null) return [];
  try {
    return decodePem(Buffer.from(pem).toString('latin1')).map(({ der }) => {
      const { issuer, nextUpdate } = parseCertificateList(der);
      return { issuer: formatName(issuer), nextUpdate };
    });
  } catch (error) {
    if (error instanceof SslapiError) return [];
    throw error;
  }
}
