import { OID } from '../x509/oid.js';
import { buildPath, type Fault, newWorkBudget, type PathSearch } from './build-path.js';
import { CertificatePool } from './certificate-pool.js';
import { MAX_COMPARISONS } from './check-name-constraints.js';
import { checkRevocation, type RevocationContext } from './check-revocation.js';
import { type PathCertificate, readPathCertificate } from './path-certificate.js';
import { PathCrl, readPathCrl } from './path-crl.js';
import type { PathResult, Refusal } from './path-result.js';
import { type PathRules, validatePath } from './validate-path.js';
import type { PolicyInputs, VerifyOptions } from './verify-options.js';

/** What is to be verified, all in DER, and how. */
export interface VerifyRequest extends VerifyOptions {
  readonly leaf: Uint8Array;
  /** Trust anchors, self-signed or not. */
  readonly trusted: readonly Uint8Array[];
  /** Intermediates and whatever else may help; nothing in it is believed. */
  readonly untrusted?: readonly Uint8Array[];
  /** With any given, the whole path is checked for revocation. */
  readonly crls?: readonly Uint8Array[];
}

/** The same with everything read. */
export interface ReadRequest extends VerifyOptions {
  readonly leaf: PathCertificate | Refusal;
  readonly trusted: ReadonlyArray<PathCertificate | Refusal>;
  readonly untrusted: ReadonlyArray<PathCertificate | Refusal>;
  readonly crls: ReadonlyArray<PathCrl | Refusal>;
}

/** Judges a certificate by RFC 5280: builds a path to a trust anchor and validates it. Pure; never throws for what
 *  the octets handed in are. */
export function verifyCertificate(request: VerifyRequest): PathResult {
  return verifyRead({
    ...request,
    leaf: readPathCertificate(request.leaf),
    trusted: request.trusted.map(readPathCertificate),
    untrusted: (request.untrusted ?? []).map(readPathCertificate),
    crls: (request.crls ?? []).map(readPathCrl),
  });
}

/** Judges certificates that are read already, so that what comes again is read once. */
export function verifyRead(request: ReadRequest): PathResult {
  const { leaf } = request;
  if ('reason' in leaf) return { ok: false, ...leaf, certificate: null, depth: 0 };
  const found = buildPath(leaf, searchFor(request));
  if ('refusal' in found) {
    return {
      ok: false,
      ...found.refusal,
      certificate: found.subject?.fingerprint ?? null,
      depth: found.depth,
    };
  }
  return {
    ok: true,
    path: found.map(({ certificate }) => certificate),
    fingerprints: found.map(({ fingerprint }) => fingerprint),
    notes: [],
  };
}

function searchFor(request: ReadRequest): PathSearch {
  const rules: PathRules = {
    purpose: request.purpose ?? 'any',
    names: request.names ?? [],
    policy: request.policy ?? DEFAULT_POLICY,
    comparisons: { left: MAX_COMPARISONS },
  };
  const base = {
    pool: new CertificatePool(request.trusted, request.untrusted),
    at: request.at,
    rules: {
      profile: request.profile ?? 'rfc5280',
      policyProcessing: request.policy != null,
      revocationChecked: request.crls.length > 0,
    },
    maxDepth: request.maxDepth ?? Number.POSITIVE_INFINITY,
    budget: newWorkBudget(),
    paid: new Map(),
  };
  const revocation =
    request.crls.length > 0 || request.requireCrl ? revocationFor(request, base, rules) : null;
  const judge: PathSearch['judge'] = (path) =>
    validatePath(path, rules) ?? (revocation === null ? null : checkPathRevocation(path, revocation));
  return { ...base, judge };
}

/** Every certificate below the anchor, from the top down: a CA must be good before its CRL is asked. */
function checkPathRevocation(path: readonly PathCertificate[], context: RevocationContext): Fault | null {
  for (let depth = path.length - 2; depth >= 0; depth -= 1) {
    const found = checkRevocation(path.slice(depth), context);
    if (found !== null) return { refusal: found, subject: path[depth]!, depth };
  }
  return null;
}

function revocationFor(
  request: ReadRequest,
  base: Omit<PathSearch, 'judge'>,
  rules: PathRules,
): RevocationContext {
  const signerSearch = {
    ...base,
    maxDepth: Number.POSITIVE_INFINITY,
    rules: { ...base.rules, profile: 'rfc5280' as const },
  };
  const signerRules: PathRules = { ...rules, purpose: 'any', names: [], policy: DEFAULT_POLICY };
  const context: RevocationContext = {
    crls: request.crls.filter((crl): crl is PathCrl => crl instanceof PathCrl),
    unreadable: request.crls.filter((crl): crl is Refusal => !(crl instanceof PathCrl)),
    pool: base.pool,
    at: base.at,
    pay: () => base.budget.signatures-- > 0,
    hasPath: (signer, anchor) => hasPath(signer, anchor, signerSearch, signerRules, context),
    pending: new Set(),
  };
  return context;
}

/** RFC 5280 §6.3.3 (f): the signer of a CRL has a path of its own to the same anchor, none of it revoked. What the
 *  user asks of the certificate itself (purpose, names, policies, depth) is not asked of the signer. */
function hasPath(
  signer: PathCertificate,
  anchor: PathCertificate,
  base: Omit<PathSearch, 'judge'>,
  rules: PathRules,
  context: RevocationContext,
): boolean {
  if (context.pending.size > MAX_NESTED_SIGNERS) return false;
  const judge: PathSearch['judge'] = (path) => {
    if (path[path.length - 1]!.fingerprint !== anchor.fingerprint)
      return { refusal: OTHER_ANCHOR, subject: signer, depth: 0 };
    return validatePath(path, rules) ?? checkPathRevocation(path, context);
  };
  return !('refusal' in buildPath(signer, { ...base, judge }));
}

const OTHER_ANCHOR: Refusal = {
  reason: 'crl-issuer-not-trusted',
  message: 'the signer of the CRL goes back to another trust anchor',
};
const MAX_NESTED_SIGNERS = 4;

/** RFC 5280 §6.1.1 (c) to (f) where the caller does not say. */
const DEFAULT_POLICY: PolicyInputs = {
  initialSet: [OID.anyPolicy],
  requireExplicit: false,
  inhibitMapping: false,
  inhibitAny: false,
};
