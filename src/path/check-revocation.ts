import { signatureHash, verifySignature } from '../keys/verify-signature.js';
import { hashWeakness } from '../policy/key-strength.js';
import type { RevokedCertificate } from '../x509/certificate-list.js';
import { type CrlReason, reasonCodeOf } from '../x509/extensions/reason-code.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import type { CertificatePool } from './certificate-pool.js';
import { ALL_REASONS, coveredReasons, isOfIssuer, pointsOf } from './crl-scope.js';
import type { PathCertificate } from './path-certificate.js';
import type { PathCrl } from './path-crl.js';
import { type Refusal, refusal } from './path-result.js';

/** What revocation checking needs of the verification that it belongs to. */
export interface RevocationContext {
  readonly crls: readonly PathCrl[];
  /** CRLs that cannot be used at all, and why. */
  readonly unreadable: readonly Refusal[];
  readonly pool: CertificatePool;
  readonly at: Date;
  /** Takes one signature check from the budget; false where none is left. */
  readonly pay: () => boolean;
  /** Whether that certificate has a good path to that anchor, revocation included: RFC 5280 §6.3.3 (f). */
  readonly hasPath: (signer: PathCertificate, anchor: PathCertificate) => boolean;
  /** CRLs whose signer is being checked just now: a CRL may speak of its own signer. */
  readonly pending: Set<PathCrl>;
}

/** Whether a certificate of a path is revoked, by the CRLs at hand: RFC 5280 §6.3.3.
 *  @param path from that certificate to the anchor; those above it are good */
export function checkRevocation(
  path: readonly PathCertificate[],
  context: RevocationContext,
): Refusal | null {
  const subject = path[0]!;
  const failures: Refusal[] = [];
  let covered: ReadonlySet<number> = new Set();
  const newestFirst = context.crls
    .filter((crl) => crl.baseCRLNumber === undefined)
    .sort((a, b) => b.list.thisUpdate.getTime() - a.list.thisUpdate.getTime());
  for (const point of pointsOf(subject)) {
    for (const crl of newestFirst) {
      if (!isOfIssuer(crl, point, subject)) continue;
      const reasons = coveredReasons(crl, point, subject);
      if (reasons === null || [...reasons].every((reason) => covered.has(reason))) continue;
      const unfit = checkCrl(crl, path, context);
      if (unfit?.reason === 'signature-budget-exceeded') return unfit;
      if (unfit !== null) failures.push(unfit);
      else {
        const found = entryOf(crl, path, context);
        if (found !== undefined) return revoked(subject, found);
        covered = new Set([...covered, ...reasons]);
        if (covered.size === ALL_REASONS.size) return null;
      }
    }
  }
  return undetermined(covered, [...failures, ...context.unreadable], subject);
}

/** §6.3.3 (a), (f) and (g): current, and signed by who may. */
function checkCrl(
  crl: PathCrl,
  path: readonly PathCertificate[],
  context: RevocationContext,
): Refusal | null {
  return checkFreshness(crl, context.at) ?? checkSigner(crl, path, context);
}

function checkFreshness({ list: { thisUpdate, nextUpdate } }: PathCrl, at: Date): Refusal | null {
  const now = wholeSeconds(at).getTime();
  if (now < thisUpdate.getTime()) {
    return refusal(
      'crl-not-yet-valid',
      `the CRL is of ${thisUpdate.toISOString()}, judged at ${at.toISOString()}`,
    );
  }
  if (nextUpdate !== null && now > nextUpdate.getTime()) {
    return refusal('crl-expired', `the CRL was due anew at ${nextUpdate.toISOString()}`);
  }
  return null;
}

/** The issuer in the path, one above it, or another certificate of that name with a path to the same anchor. */
function checkSigner(
  crl: PathCrl,
  path: readonly PathCertificate[],
  context: RevocationContext,
): Refusal | null {
  const above = path.slice(1);
  const anchor = path[path.length - 1]!;
  let worst = refusal('crl-issuer-not-trusted', 'no certificate of who issued the CRL is at hand');
  const others = context.pool.named(crl.issuerKey).filter((one) => !above.includes(one));
  for (const signer of [...above.filter((one) => one.subjectKey === crl.issuerKey), ...others]) {
    const found = checkOneSigner(crl, signer, context);
    if (found !== null) worst = found;
    else if (above.includes(signer) || context.pending.has(crl)) return null;
    else if (hasOwnPath(crl, signer, anchor, context)) return null;
    else worst = refusal('crl-issuer-not-trusted', 'who signed the CRL has no good path to the same anchor');
  }
  return worst;
}

function hasOwnPath(
  crl: PathCrl,
  signer: PathCertificate,
  anchor: PathCertificate,
  { pending, hasPath }: RevocationContext,
): boolean {
  pending.add(crl);
  const good = hasPath(signer, anchor);
  pending.delete(crl);
  return good;
}

function checkOneSigner(crl: PathCrl, signer: PathCertificate, { pay }: RevocationContext): Refusal | null {
  const { keyUsage } = signer.extensions;
  if (keyUsage !== undefined && !keyUsage.has('cRLSign')) {
    return refusal('crl-issuer-not-trusted', 'the keyUsage of who signed the CRL lacks cRLSign');
  }
  const known = crl.signedBy.get(signer.publicKey);
  if (known !== undefined) return known;
  if (!pay()) return refusal('signature-budget-exceeded', 'more than 100 signatures to check');
  const found = verifyCrl(crl, signer);
  crl.signedBy.set(signer.publicKey, found);
  return found;
}

function verifyCrl({ list }: PathCrl, signer: PathCertificate): Refusal | null {
  const hash = signatureHash(list.signatureAlgorithm);
  const weakness = hash === null ? null : hashWeakness(hash);
  if (weakness !== null) return refusal('weak-hash', `the CRL: ${weakness.message}`);
  const verdict = verifySignature({
    subjectPublicKeyInfo: signer.certificate.subjectPublicKeyInfo,
    algorithm: list.signatureAlgorithm,
    data: list.tbs,
    signature: list.signatureValue,
  });
  return verdict === 'valid'
    ? null
    : refusal('crl-signature-invalid', `the signature of the CRL does not fit its issuer's key (${verdict})`);
}

/** §6.3.3 (i) and (j): the newest delta that fits, then the complete CRL. Undefined where it is in neither, or where
 *  the delta takes it off again. */
function entryOf(
  crl: PathCrl,
  path: readonly PathCertificate[],
  context: RevocationContext,
): RevokedCertificate | undefined {
  const { certificate, issuerKey } = path[0]!;
  const delta = context.crls
    .filter((other) => isDeltaOf(other, crl))
    .sort((a, b) => (a.cRLNumber < b.cRLNumber ? 1 : -1))
    .find((other) => checkCrl(other, path, context) === null);
  const latest = delta?.find(certificate.serialNumber, issuerKey);
  if (latest !== undefined) return reasonCodeOf(latest) === 'removeFromCRL' ? undefined : latest;
  return crl.find(certificate.serialNumber, issuerKey);
}

/** §5.2.4: same issuer and scope, made for this CRL or an older one, and newer than it. */
function isDeltaOf(delta: PathCrl, crl: PathCrl): boolean {
  return (
    delta.baseCRLNumber !== undefined &&
    delta.issuerKey === crl.issuerKey &&
    delta.scope === crl.scope &&
    delta.baseCRLNumber <= crl.cRLNumber &&
    delta.cRLNumber >= crl.cRLNumber
  );
}

function revoked({ certificate }: PathCertificate, entry: RevokedCertificate): Refusal {
  const reason: CrlReason = reasonCodeOf(entry) ?? 'unspecified';
  return refusal(
    'cert-revoked',
    `serial number ${serialNumberHex(certificate.serialNumber)} is revoked since ${entry.revocationDate.toISOString()} (${reason})`,
  );
}

function undetermined(
  covered: ReadonlySet<number>,
  failures: readonly Refusal[],
  subject: PathCertificate,
): Refusal {
  const failure = failures[0];
  if (failure !== undefined) return failure;
  if (covered.size > 0) {
    return refusal(
      'crl-scope-incomplete',
      `the CRLs cover only ${covered.size} of ${ALL_REASONS.size} reasons`,
    );
  }
  const serial = serialNumberHex(subject.certificate.serialNumber);
  return refusal('crl-missing', `no CRL at hand speaks of serial number ${serial} of its issuer`);
}
