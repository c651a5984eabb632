import type { Validity } from '../x509/certificate.js';
import { type AuthorityContext, signerOf } from './authority-context.js';
import { type LeafProfileName, PROFILES } from './profiles.js';
import { type CertificatePlan, type PublishedUrls, signCertificate } from './sign-certificate.js';
import { type ValidityWish, validityPeriod } from './validity-period.js';

/** A leaf that was signed, and nothing more: nobody has recorded it yet, so nobody may have it. */
export interface SignedLeaf {
  readonly der: Uint8Array;
  readonly validity: Validity;
  /** Where the validity was cut to the CA's end. */
  readonly notices: readonly string[];
}

/** Signs a certificate of that profile by the issuing CA. @throws SslapiError ERR_VALIDITY_INVALID, ERR_CA_EXPIRED … */
export async function signLeaf(
  context: AuthorityContext,
  profile: LeafProfileName,
  leaf: Pick<CertificatePlan, 'subject' | 'subjectAltName' | 'subjectPublicKeyInfo'>,
  wish: ValidityWish,
): Promise<SignedLeaf> {
  const { parsed, role } = context.issuing;
  const days = PROFILES[profile].validityDays;
  const { validity, notice } = validityPeriod(wish, days, context.now(), parsed.validity);
  const issuer = { subject: parsed.subject, subjectPublicKeyInfo: parsed.subjectPublicKeyInfo.der, role };
  const plan = { ...leaf, profile: PROFILES[profile], validity, issuer, urls: await urlsOf(context) };
  const der = await signCertificate(plan, await signerOf(context, context.issuing));
  return { der, validity, notices: notice === null ? [] : [notice] };
}

/** The addresses that this CA writes into its certificates. */
function urlsOf({ store }: AuthorityContext): Promise<PublishedUrls> {
  return store.read(async (read) => {
    const urls: Record<string, string> = {};
    for (const key of ['crlUrl', 'ocspUrl', 'issuerUrl']) {
      const url = await read.setting(key);
      if (url !== null) urls[key] = url;
    }
    return urls;
  });
}
