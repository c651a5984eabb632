import type { DistributionPoint, DistributionPointName } from '../x509/extensions/crl-distribution-points.js';
import { formatGeneralName, type GeneralName } from '../x509/general-name.js';
import { nameKey, rdnKey } from '../x509/name.js';
import type { PathCertificate } from './path-certificate.js';
import type { PathCrl } from './path-crl.js';

/** Numbers of the reason bits that a certificate must be covered for, RFC 5280 §4.2.1.13: keyCompromise to aACompromise. */
export const ALL_REASONS: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8]);

/** The distribution points of a certificate, and last the one that every certificate has: CRLs of its own issuer
 *  (§6.3.3, last paragraph). */
export function pointsOf({ certificate, extensions }: PathCertificate): readonly DistributionPoint[] {
  const own: DistributionPoint = {
    distributionPoint: { fullName: [{ type: 'directoryName', name: certificate.issuer }] },
  };
  return [...(extensions.cRLDistributionPoints ?? []), own];
}

/** §6.3.3 (b)(1): the CRL is by whom the point names, and then indirect, or else by the certificate's issuer. */
export function isOfIssuer(
  crl: PathCrl,
  { cRLIssuer }: DistributionPoint,
  subject: PathCertificate,
): boolean {
  if (cRLIssuer === undefined) return crl.issuerKey === subject.issuerKey;
  const named = cRLIssuer.some(
    (name) => name.type === 'directoryName' && nameKey(name.name) === crl.issuerKey,
  );
  return named && (crl.issuingDistributionPoint?.indirectCRL === true || crl.issuerKey === subject.issuerKey);
}

/** The reasons that a CRL covers for a certificate at one of its distribution points, §6.3.3 (b)(2) and (d); null
 *  where it does not speak of such certificates. */
export function coveredReasons(
  crl: PathCrl,
  point: DistributionPoint,
  subject: PathCertificate,
): ReadonlySet<number> | null {
  const scope = crl.issuingDistributionPoint;
  if (scope === undefined) return point.reasons ?? ALL_REASONS;
  const isCa = subject.extensions.basicConstraints?.ca ?? false;
  if (scope.onlyContainsAttributeCerts) return null;
  if ((scope.onlyContainsUserCerts && isCa) || (scope.onlyContainsCACerts && !isCa)) return null;
  if (scope.distributionPoint !== undefined && !sharesName(scope.distributionPoint, crl, point, subject))
    return null;
  return new Set(
    [...ALL_REASONS].filter(
      (reason) => (scope.onlySomeReasons?.has(reason) ?? true) && (point.reasons?.has(reason) ?? true),
    ),
  );
}

/** §6.3.3 (b)(2)(i): one name in common; a point without a name is looked for by its cRLIssuer. */
function sharesName(
  scope: DistributionPointName,
  crl: PathCrl,
  point: DistributionPoint,
  subject: PathCertificate,
): boolean {
  const wanted = new Set(namesOf(scope, crl.list.issuer.rdns.map(rdnKey)));
  const issuer = point.cRLIssuer?.find((name) => name.type === 'directoryName');
  const base = issuer?.name ?? subject.certificate.issuer;
  const offered =
    point.distributionPoint === undefined
      ? (point.cRLIssuer ?? []).map(keyOf)
      : namesOf(point.distributionPoint, base.rdns.map(rdnKey));
  return offered.some((name) => wanted.has(name));
}

/** Keys of the names; a relative name goes below that of the CRL's issuer. */
function namesOf(name: DistributionPointName, issuer: readonly string[]): string[] {
  if ('fullName' in name) return name.fullName.map(keyOf);
  return [`directoryName:${[...issuer, rdnKey(name.nameRelativeToCRLIssuer)].join('\u0001')}`];
}

function keyOf(name: GeneralName): string {
  return name.type === 'directoryName' ? `directoryName:${nameKey(name.name)}` : formatGeneralName(name);
}
