import type { Validity } from '../x509/certificate.js';
import { type AuthorityContext, keyIdentifierIn, signerOf } from './authority-context.js';
import { checkConstraints, checkPolicy } from './check-issue.js';
import { defaultDays, issuePolicyOf } from './issue-policy.js';
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

/** Signs a certificate of that profile by the issuing CA, where the CA's name constraints and the issue policy allow it.
 *  @throws SslapiError ERR_VALIDITY_INVALID, ERR_CA_EXPIRED, ERR_NAME_CONSTRAINED, ERR_ISSUE_POLICY_REFUSED … */
export async function signLeaf(
  context: AuthorityContext,
  profile: LeafProfileName,
  leaf: Pick<CertificatePlan, 'subject' | 'subjectAltName' | 'subjectPublicKeyInfo'>,
  wish: ValidityWish,
): Promise<SignedLeaf> {
  const { parsed, role } = context.issuing;
  const policy = issuePolicyOf(context.folder);
  const days = defaultDays(policy, profile, PROFILES[profile].validityDays);
  const { validity, notice } = validityPeriod(wish, days, context.now(), parsed.validity);
  checkConstraints(context, leaf);
  checkPolicy(context, policy, profile, { ...leaf, validity });
  const issuer = {
    subject: parsed.subject,
    subjectPublicKeyInfo: parsed.subjectPublicKeyInfo.der,
    role,
    keyIdentifier: keyIdentifierIn(parsed),
  };
  const plan = { ...leaf, profile: PROFILES[profile], validity, issuer, urls: await urlsOf(context) };
  const der = await signCertificate(plan, await signerOf(context, context.issuing));
  const shortened = days < PROFILES[profile].validityDays && isOpen(wish);
  const limited = shortened
    ? [`good for ${days} days, the most that the issue policy gives a ${profile}`]
    : [];
  return { der, validity, notices: notice === null ? limited : [notice] };
}

/** Whether it is left open how long it shall be valid. */
function isOpen({ validityDays, notAfter }: ValidityWish): boolean {
  return validityDays === undefined && notAfter === undefined;
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
