import { buildPath, type Fault, type PathSearch } from './build-path.js';
import { checkOcsp, type OcspContext, type PathOcspResponse } from './check-ocsp.js';
import { checkRevocation, type RevocationContext } from './check-revocation.js';
import type { PathCertificate } from './path-certificate.js';
import { PathCrl } from './path-crl.js';
import type { Refusal } from './path-result.js';
import { type PathRules, validatePath } from './validate-path.js';

/** What tells of revocations, read. */
export interface RevocationSources {
  readonly crls: ReadonlyArray<PathCrl | Refusal>;
  readonly ocsp: readonly PathOcspResponse[];
  readonly requireCrl?: boolean;
}

/** The search that revocation checking belongs to; signers of CRLs are searched for with the same budget. */
export type SignerSearch = Omit<PathSearch, 'judge'>;

/** Makes the check of a whole path for revocation; without CRLs, responses and `requireCrl` it finds nothing.
 *  @param signerRules what is asked of the paths of CRL signers: not what the user asks of the certificate itself */
export function revocationChecker(
  sources: RevocationSources,
  search: SignerSearch,
  signerRules: PathRules,
): (path: readonly PathCertificate[]) => Fault | null {
  const { crls, ocsp, requireCrl = false } = sources;
  if (crls.length === 0 && ocsp.length === 0 && !requireCrl) return () => null;
  const context = contextOf(sources, search, signerRules);
  return (path) => checkPath(path, context, requireCrl || crls.length > 0);
}

interface Context {
  readonly crl: RevocationContext;
  readonly ocsp: OcspContext;
}

/** Every certificate below the anchor, from the top down: a CA must be good before its CRL is asked.
 *  @param whole every certificate must be spoken of; else the one asked about alone */
function checkPath(path: readonly PathCertificate[], context: Context, whole: boolean): Fault | null {
  for (let depth = path.length - 2; depth >= 0; depth -= 1) {
    const found = checkOne(path.slice(depth), context, whole || depth === 0);
    if (found !== null) return { refusal: found, subject: path[depth]!, depth };
  }
  return null;
}

/** A `good` of OCSP makes a CRL dispensable, but never mends what a CRL revokes. */
function checkOne(
  path: readonly PathCertificate[],
  { crl, ocsp }: Context,
  mustBeTold: boolean,
): Refusal | null {
  const byOcsp = ocsp.responses.length > 0 ? checkOcsp(path[0]!, path[1]!, ocsp) : null;
  if (byOcsp?.reason === 'cert-revoked') return byOcsp;
  const asked = crl.crls.length > 0 || crl.unreadable.length > 0;
  const byCrl = asked || ocsp.responses.length === 0 ? checkRevocation(path, crl) : byOcsp;
  if (byCrl?.reason === 'cert-revoked') return byCrl;
  const good = byCrl === null || (ocsp.responses.length > 0 && byOcsp === null);
  return good || !mustBeTold ? null : byCrl;
}

function contextOf({ crls, ocsp }: RevocationSources, search: SignerSearch, signerRules: PathRules): Context {
  const { pool, at, rules, budget } = search;
  const pay = () => budget.signatures-- > 0;
  const signers: SignerSearch = {
    ...search,
    maxDepth: Number.POSITIVE_INFINITY,
    rules: { ...rules, profile: 'rfc5280' },
  };
  const crl: RevocationContext = {
    crls: crls.filter((one): one is PathCrl => one instanceof PathCrl),
    unreadable: crls.filter((one): one is Refusal => !(one instanceof PathCrl)),
    pool,
    at,
    pay,
    hasPath: (signer, anchor) => hasPath(signer, anchor, signers, signerRules, crl),
    pending: new Set(),
  };
  const checkResponder: OcspContext['checkResponder'] = (responder, issuer) => {
    const found = checkRevocation([responder, issuer], crl);
    return found?.reason === 'cert-revoked' ? found : null;
  };
  return { crl, ocsp: { responses: ocsp, at, rules, pay, checkResponder } };
}

/** RFC 5280 §6.3.3 (f): the signer of a CRL has a path of its own to the same anchor, none of it revoked. */
function hasPath(
  signer: PathCertificate,
  anchor: PathCertificate,
  search: SignerSearch,
  rules: PathRules,
  context: RevocationContext,
): boolean {
  if (context.pending.size > MAX_NESTED_SIGNERS) return false;
  const judge: PathSearch['judge'] = (path) => {
    const end = path[path.length - 1]!;
    if (end.fingerprint !== anchor.fingerprint) return { refusal: OTHER_ANCHOR, subject: signer, depth: 0 };
    return validatePath(path, rules) ?? checkCrls(path, context);
  };
  return !('refusal' in buildPath(signer, { ...search, judge }));
}

function checkCrls(path: readonly PathCertificate[], context: RevocationContext): Fault | null {
  for (let depth = path.length - 2; depth >= 0; depth -= 1) {
    const found = checkRevocation(path.slice(depth), context);
    if (found !== null) return { refusal: found, subject: path[depth]!, depth };
  }
  return null;
}

const OTHER_ANCHOR: Refusal = {
  reason: 'crl-issuer-not-trusted',
  message: 'the signer of the CRL goes back to another trust anchor',
};
const MAX_NESTED_SIGNERS = 4;
