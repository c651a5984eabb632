import { PROFILES } from '../ca/profiles.js';
import type { MintedCredential, MintingAuthority } from '../credentials/credential.js';
import { credentialContext } from '../credentials/credential-context.js';
import { mint } from '../credentials/mint.js';
import type { Validity } from '../x509/certificate.js';
import { commonNameOnly } from '../x509/name.js';

/** What a certificate that signs reports is called. */
export const REPORT_SIGNER_NAME = 'sslapi-report';

/** Makes a certificate that signs reports and nothing else: no key purpose, and a key usage that no TLS handshake takes
 *  (nonRepudiation, RFC 5280 §4.2.1.3). */
export function mintReportSigner(
  authority: MintingAuthority,
  now: Date,
  validity: Validity,
): Promise<MintedCredential> {
  const context = credentialContext(authority, now, {
    subject: commonNameOnly(REPORT_SIGNER_NAME),
    validity,
  });
  return mint(context, {
    profile: { ...PROFILES.probe, keyUsages: ['nonRepudiation'], purposes: [] },
  });
}
