import { SslapiError } from '../errors.js';
import { verifySignature } from '../keys/verify-signature.js';
import { hashOfSignature, hashWeakness, keyWeakness } from '../policy/key-strength.js';
import type { CertificateRequest } from '../x509/certificate-request.js';
import { basicConstraintsOf } from '../x509/extensions/basic-constraints.js';
import { extKeyUsageOf } from '../x509/extensions/ext-key-usage.js';
import { keyUsageOf } from '../x509/extensions/key-usage.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { formatGeneralName, type GeneralName, parseGeneralName, toDnsName } from '../x509/general-name.js';
import { commonNameOf, formatName } from '../x509/name.js';
import { oidName } from '../x509/oid.js';
import { describeKey } from '../x509/subject-public-key-info.js';
import type { AuthorityContext } from './authority-context.js';
import { certificateName } from './certificate-name.js';
import { type CertificateView, certificateView, filesOf } from './certificate-view.js';
import { deliver } from './issue.js';
import { leafFiles } from './leaf-files.js';
import { type LeafProfileName, PROFILES } from './profiles.js';
import { recordOf } from './sign-certificate.js';
import { signLeaf } from './sign-leaf.js';
import type { ValidityWish } from './validity-period.js';

export interface SignRequestWish extends ValidityWish {
  readonly request: CertificateRequest;
  readonly profile: LeafProfileName;
  /** Default: the first subjectAltName of the request, else its commonName. */
  readonly name?: string;
  /** Instead of the names that the request asks for. */
  readonly subjectAltName?: readonly GeneralName[];
  readonly force?: boolean;
}

export interface SignedRequest {
  readonly certificate: CertificateView;
  /** The certificate, PEM. */
  readonly pem: string;
  readonly notices: readonly string[];
}

/** What a request asks for, as people are shown it before they sign. */
export interface RequestSummary {
  readonly subject: string;
  readonly subjectAltName: readonly string[];
  readonly keyType: string;
}

export function summaryOf(request: CertificateRequest): RequestSummary {
  return {
    subject: formatName(request.subject),
    subjectAltName: (subjectAltNameOf(request) ?? []).map(formatGeneralName),
    keyType: describeKey(request.subjectPublicKeyInfo),
  };
}

/** Refuses a request that must not be signed: a signature that does not hold, a weak key, a wish to be a CA
 *  or to have a purpose that the profile does not give. @throws SslapiError ERR_REQUEST_REFUSED */
export function checkRequest(request: CertificateRequest, profile: LeafProfileName): void {
  const refusal = refusalOf(request, profile);
  if (refusal !== null) throw new SslapiError('ERR_REQUEST_REFUSED', `the request is refused: ${refusal}`);
}

/** Signs another's request; of its extensions only the names are taken over, and those only where none are given. */
export async function signRequest(context: AuthorityContext, wish: SignRequestWish): Promise<SignedRequest> {
  const { request, profile } = wish;
  checkRequest(request, profile);
  const names = wish.subjectAltName ?? requestedNames(request, profile);
  const name = certificateName(wish.name ?? nameFrom(request, names));
  const { subject } = request;
  const leaf = { subject, subjectAltName: names, subjectPublicKeyInfo: request.subjectPublicKeyInfo.der };
  const { der, notices: cut } = await signLeaf(context, profile, leaf, wish);
  const kept = { authorityId: context.issuing.id, name, profile, delivered: false, folder: null };
  const { delivered, notices } = await deliver(context, recordOf(der, kept, names), {
    force: wish.force === true,
  });
  return {
    certificate: certificateView(delivered, context.now(), filesOf(context.folder, delivered, false)),
    pem: leafFiles(context, delivered).cert,
    notices: [...cut, ...notices],
  };
}

function refusalOf(request: CertificateRequest, profile: LeafProfileName): string | null {
  const keyType = describeKey(request.subjectPublicKeyInfo);
  const weakness = keyWeakness(keyType);
  if (weakness !== null) return weakness.message;
  const hash = hashOfSignature(oidName(request.signatureAlgorithm.algorithm));
  const weakHash = hash === null ? null : hashWeakness(hash);
  if (weakHash !== null) return weakHash.message;
  const verdict = verifySignature({
    subjectPublicKeyInfo: request.subjectPublicKeyInfo,
    algorithm: request.signatureAlgorithm,
    data: request.info,
    signature: request.signatureValue,
  });
  if (verdict !== 'valid') return 'its signature does not hold, so its sender may not have the key';
  if (basicConstraintsOf(request)?.ca === true) return 'it asks to be a CA (basicConstraints CA:TRUE)';
  if (keyUsageOf(request)?.has('keyCertSign') === true)
    return 'it asks to sign certificates (keyUsage keyCertSign)';
  const allowed: readonly string[] = PROFILES[profile].purposes;
  const foreign = (extKeyUsageOf(request) ?? []).find((purpose) => !allowed.includes(purpose));
  return foreign === undefined
    ? null
    : `it asks for the purpose ${oidName(foreign)}, which the profile ${profile} does not give`;
}

/** The request's names; a server's commonName where it asks for none but is a DNS name. */
function requestedNames(request: CertificateRequest, profile: LeafProfileName): readonly GeneralName[] {
  const asked = subjectAltNameOf(request);
  const wrong = asked?.find((one) => one.type === 'dNSName' && toDnsName(one.value) === null);
  if (wrong !== undefined)
    throw new SslapiError(
      'ERR_REQUEST_REFUSED',
      `the request is refused: ${formatGeneralName(wrong)} is no DNS name`,
      {
        hint: 'Give the names with --san.',
      },
    );
  if (asked !== undefined) return asked;
  const commonName = commonNameOf(request.subject);
  if (profile === 'client') return [];
  if (commonName !== undefined && toDnsName(commonName) !== null) return [parseGeneralName(commonName)];
  throw new SslapiError(
    'ERR_REQUEST_REFUSED',
    'the request is refused: a server needs names, and it asks for none',
    { hint: 'Give them with --san.' },
  );
}

function nameFrom(request: CertificateRequest, names: readonly GeneralName[]): string {
  const first =
    names[0] === undefined
      ? commonNameOf(request.subject)
      : formatGeneralName(names[0]).replace(/^[A-Za-z]+:/, '');
  if (first === undefined)
    throw new SslapiError('ERR_REQUEST_NEEDS_NAME', 'the request has no name to keep its certificate under');
  return first;
}
