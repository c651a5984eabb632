import { DerError } from '../x509/der.js';
import { OID } from '../x509/oid.js';
import { buildPath, newWorkBudget, type PathSearch } from './build-path.js';
import { CertificatePool } from './certificate-pool.js';
import { checkIssuer } from './check-issuer.js';
import { MAX_COMPARISONS } from './check-name-constraints.js';
import { type PathOcspResponse, readPathOcspResponse } from './check-ocsp.js';
import { checkSignature } from './check-signature.js';
import { checkValidity } from './check-validity.js';
import { type PathCertificate, readPathCertificate } from './path-certificate.js';
import { type PathCrl, readPathCrl } from './path-crl.js';
import { type PathResult, type Refusal, refusal } from './path-result.js';
import { portabilityNotes } from './portability-notes.js';
import { revocationChecker } from './revocation-checker.js';
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
  /** OCSP responses; they speak before CRLs, and the leaf must be among what they or CRLs speak of. */
  readonly ocsp?: readonly Uint8Array[];
}

/** The same with everything read. */
export interface ReadRequest extends VerifyOptions {
  readonly leaf: PathCertificate | Refusal;
  readonly trusted: ReadonlyArray<PathCertificate | Refusal>;
  readonly untrusted: ReadonlyArray<PathCertificate | Refusal>;
  readonly crls: ReadonlyArray<PathCrl | Refusal>;
  readonly ocsp?: readonly PathOcspResponse[];
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
    ocsp: (request.ocsp ?? []).map(readPathOcspResponse),
  });
}

/** Judges certificates that are read already, so that what comes again is read once. */
export function verifyRead(request: ReadRequest): PathResult {
  try {
    return judge(request);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    return {
      ok: false,
      ...refusal('der-invalid', `${UNFORESEEN}: ${error.message}`),
      certificate: null,
      depth: 0,
    };
  }
}

/** How a message begins where a check came upon octets that an earlier one should have refused. */
export const UNFORESEEN = 'found late';

function judge(request: ReadRequest): PathResult {
  const { leaf } = request;
  if ('reason' in leaf) return { ok: false, ...leaf, certificate: null, depth: 0 };
  const search = searchFor(request);
  const path = buildPath(leaf, search);
  if ('refusal' in path) {
    return { ok: false, ...path.refusal, certificate: path.subject?.fingerprint ?? null, depth: path.depth };
  }
  const { pool, at } = search;

  return {
    ok: true,
    path: path.map(({ certificate }) => certificate),
    fingerprints: path.map(({ fingerprint }) => fingerprint),
    notes:
      request.notes === false
        ? []
        : portabilityNotes({
            path,
            pool,
            at,
            purpose: request.purpose ?? 'any',
            judge: (other) => rejudge(other, search),
          }),
  };
}

/** What is wrong with a path that another search came upon, by the same rules. */
function rejudge(path: readonly PathCertificate[], { at, judge }: PathSearch): Refusal | null {
  for (const [depth, subject] of path.entries()) {
    const issuer = path[depth + 1];
    const found =
      checkValidity(subject.certificate.validity, at) ??
      (issuer === undefined ? null : (checkIssuer(issuer, 'anchor') ?? checkSignature(subject, issuer)));
    if (found !== null) return found;
  }
  return judge(path)?.refusal ?? null;
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
  const revocation = revocationChecker({ ...request, ocsp: request.ocsp ?? [] }, base, {
    ...rules,
    purpose: 'any',
    names: [],
    policy: DEFAULT_POLICY,
  });
  return { ...base, judge: (path) => validatePath(path, rules) ?? revocation(path) };
}

/** RFC 5280 §6.1.1 (c) to (f) where the caller does not say. */
const DEFAULT_POLICY: PolicyInputs = {
  initialSet: [OID.anyPolicy],
  requireExplicit: false,
  inhibitMapping: false,
  inhibitAny: false,
};
