import { integerFromOctets, sameBytes } from '../x509/der.js';
import { sameName } from '../x509/name.js';
import type { CertificatePool } from './certificate-pool.js';
import { type CertificateRules, checkCertificate, type Place } from './check-certificate.js';
import { checkIssuer } from './check-issuer.js';
import { checkSignature, checkSignatureAlgorithm } from './check-signature.js';
import { checkValidity } from './check-validity.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** A refusal and the certificate it is about, counted from the one asked about, which is 0. */
export interface Fault {
  readonly refusal: Refusal;
  readonly subject: PathCertificate | null;
  readonly depth: number;
}

/** What is left of the work that one verification may cause; shared by the paths of CRL and OCSP signers. */
export interface WorkBudget {
  signatures: number;
  candidates: number;
  paths: number;
}

/** Everything a search looks at. */
export interface PathSearch {
  readonly pool: CertificatePool;
  readonly at: Date;
  readonly rules: CertificateRules;
  /** How many intermediates there may be, self-issued ones not counted. */
  readonly maxDepth: number;
  readonly budget: WorkBudget;
  /** Pairs whose signature this verification has asked for: each is paid for once. */
  readonly paid: Map<PathCertificate, Set<string>>;
  /** Whether the path, from the certificate asked about to an anchor, will do. */
  readonly judge: (path: readonly PathCertificate[]) => Fault | null;
}

/** The work that one verification may cause; each budget ends in a reason, RFC 5280 §8. */
export function newWorkBudget(): WorkBudget {
  return { signatures: 100, candidates: 10_000, paths: 1_000 };
}

/** Searches for a path from a certificate to a trust anchor, depth first and with backtracking, best candidates
 *  first. Gives the first path that the judge lets pass, else the most telling of the faults met. */
export function buildPath(leaf: PathCertificate, search: PathSearch): readonly PathCertificate[] | Fault {
  const place = search.pool.isAnchor(leaf) || isSelfSigned(leaf) ? 'anchor' : 'leaf';
  const own =
    checkCertificate(leaf, place, search.rules) ?? checkValidity(leaf.certificate.validity, search.at);
  if (own !== null) return { refusal: own, subject: leaf, depth: 0 };
  const walk: Walk = { ...search, worst: null, stopped: false };
  const found = extend([leaf], walk);
  return found ?? walk.worst?.fault ?? { refusal: notFound(leaf, search.pool), subject: leaf, depth: 0 };
}

/** A self-signed certificate may go without authorityKeyIdentifier (RFC 5280 §4.2.1.1); one that has it is not asked. */
function isSelfSigned(leaf: PathCertificate): boolean {
  const silent = leaf.selfIssued && leaf.extensions.authorityKeyIdentifier === undefined;
  return silent && checkSignature(leaf, leaf) === null;
}

interface Walk extends PathSearch {
  worst: { readonly rank: number; readonly fault: Fault } | null;
  /** A budget is used up. */
  stopped: boolean;
}

/** How telling a fault is: of the ones met on different ways the first of the highest rank is reported. */
const RANK = { strayCandidate: 1, noIssuer: 2, candidate: 3, whole: 4, budget: 5 } as const;

function extend(path: readonly PathCertificate[], walk: Walk): readonly PathCertificate[] | null {
  const subject = path[path.length - 1]!;
  if (walk.pool.isAnchor(subject)) return judged(path, walk);
  const depth = path.length - 1;
  const algorithm = checkSignatureAlgorithm(subject);
  if (algorithm !== null) return note(walk, RANK.candidate, { refusal: algorithm, subject, depth });
  const candidates = candidatesFor(path, walk);
  if (candidates.length === 0) {
    return note(walk, RANK.noIssuer, { refusal: notFound(subject, walk.pool), subject, depth });
  }
  for (const { issuer, anchor, match } of candidates) {
    const fault = checkCandidate(path, issuer, anchor ? 'anchor' : 'intermediate', walk);
    if (fault !== null) note(walk, match === MATCH.no ? RANK.strayCandidate : RANK.candidate, fault);
    else {
      const found = extend([...path, issuer], walk);
      if (found !== null) return found;
    }
    if (walk.stopped) return null;
  }
  return null;
}

function judged(path: readonly PathCertificate[], walk: Walk): readonly PathCertificate[] | null {
  if (walk.budget.paths-- <= 0) return stop(walk, refusal('path-budget-exceeded', 'too many paths to try'));
  const fault = walk.judge(path);
  if (fault === null) return path;
  if (fault.refusal.reason.endsWith('budget-exceeded')) return stop(walk, fault.refusal);
  return note(walk, RANK.whole, fault);
}

/** All that can be told of an issuer without the rest of the path; the signature, which is dear, at the end. */
function checkCandidate(
  path: readonly PathCertificate[],
  issuer: PathCertificate,
  place: Place,
  walk: Walk,
): Fault | null {
  const subject = path[path.length - 1]!;
  if (walk.budget.candidates-- <= 0) {
    stop(walk, refusal('path-budget-exceeded', 'too many certificates to try'));
    return walk.worst!.fault;
  }
  const own =
    checkEnd(issuer, place) ??
    checkCertificate(issuer, place, walk.rules) ??
    checkIssuer(issuer, place) ??
    checkValidity(issuer.certificate.validity, walk.at) ??
    checkDepth(path, place, issuer, walk);
  if (own !== null) return { refusal: own, subject: issuer, depth: path.length };
  const named = checkNamedIssuer(subject, issuer, keyMatch(subject, issuer));
  if (named !== null) return { refusal: named, subject, depth: path.length - 1 };
  if (!pay(subject, issuer, walk)) {
    stop(walk, refusal('signature-budget-exceeded', 'more than 100 signatures to check'));
    return walk.worst!.fault;
  }
  const signature = checkSignature(subject, issuer);
  return signature === null ? null : { refusal: signature, subject, depth: path.length - 1 };
}

/** A root that is not trusted: self-issued, and without a word about who else could have signed it. */
function checkEnd(issuer: PathCertificate, place: Place): Refusal | null {
  const goesOn =
    place === 'anchor' || !issuer.selfIssued || issuer.extensions.authorityKeyIdentifier !== undefined;
  return goesOn ? null : notTrusted();
}

function checkDepth(
  path: readonly PathCertificate[],
  place: Place,
  issuer: PathCertificate,
  { maxDepth }: Walk,
): Refusal | null {
  if (maxDepth === Number.POSITIVE_INFINITY) return null;
  const above = place === 'intermediate' ? [...path.slice(1), issuer] : path.slice(1);
  const counted = above.filter(({ selfIssued }) => !selfIssued).length;
  return counted > maxDepth
    ? refusal('max-depth-exceeded', `${counted} intermediates where ${maxDepth} are allowed`)
    : null;
}

/** The issuer is the one that authorityKeyIdentifier names: by the identifier of its key, which RFC 5280 §4.2.1.2 has
 *  MUST be the same, and where they are given by issuer and serial number of its certificate. */
function checkNamedIssuer(subject: PathCertificate, issuer: PathCertificate, match: number): Refusal | null {
  const aki = subject.extensions.authorityKeyIdentifier;
  if (match === MATCH.no) return wrongIssuer('another key');
  if (aki?.authorityCertSerialNumber === undefined) return null;
  const names = aki.authorityCertIssuer?.filter((name) => name.type === 'directoryName') ?? [];
  const sameSerial = integerFromOctets(aki.authorityCertSerialNumber) === issuer.certificate.serialNumber;
  const sameIssuer =
    names.length === 0 || names.some(({ name }) => sameName(name, issuer.certificate.issuer));
  return sameSerial && sameIssuer ? null : wrongIssuer('another certificate');
}

function wrongIssuer(what: string): Refusal {
  return refusal('authority-key-identifier-mismatch', `authorityKeyIdentifier names ${what} of the issuer`);
}

function pay(subject: PathCertificate, issuer: PathCertificate, { paid, budget }: Walk): boolean {
  let keys = paid.get(subject);
  if (keys === undefined) {
    keys = new Set();
    paid.set(subject, keys);
  }
  if (keys.has(issuer.publicKey)) return true;
  keys.add(issuer.publicKey);
  budget.signatures -= 1;
  return budget.signatures >= 0;
}

interface Candidate {
  readonly issuer: PathCertificate;
  readonly anchor: boolean;
  readonly match: number;
  readonly valid: boolean;
}

const MATCH = { yes: 0, untold: 1, no: 2 } as const;

/** Certificates named as the issuer, best first: the right key identifier, in its time, an anchor, the newest. */
function candidatesFor(path: readonly PathCertificate[], { pool, at }: Walk): readonly Candidate[] {
  const subject = path[path.length - 1]!;
  const candidates: Candidate[] = [];
  for (const issuer of pool.named(subject.issuerKey)) {
    if (isLoop(path, issuer)) continue;
    candidates.push({
      issuer,
      anchor: pool.isAnchor(issuer),
      match: keyMatch(subject, issuer),
      valid: checkValidity(issuer.certificate.validity, at) === null,
    });
  }
  return candidates.length < 2 ? candidates : candidates.sort(better);
}

function better(a: Candidate, b: Candidate): number {
  return (
    a.match - b.match ||
    Number(b.valid) - Number(a.valid) ||
    Number(b.anchor) - Number(a.anchor) ||
    b.issuer.certificate.validity.notBefore.getTime() - a.issuer.certificate.validity.notBefore.getTime()
  );
}

/** The same certificate again, or a CA with a name and key that is in the path already: that way leads nowhere new. */
function isLoop(path: readonly PathCertificate[], issuer: PathCertificate): boolean {
  return path.some(
    (one, depth) =>
      one === issuer ||
      sameBytes(one.certificate.der, issuer.certificate.der) ||
      (depth > 0 && one.subjectKey === issuer.subjectKey && one.publicKey === issuer.publicKey),
  );
}

/** Whether the identifier of the issuer's key is the one wanted; it helps the search and proves nothing. */
function keyMatch(subject: PathCertificate, issuer: PathCertificate): number {
  const wanted = subject.extensions.authorityKeyIdentifier?.keyIdentifier;
  const offered = issuer.extensions.subjectKeyIdentifier;
  if (wanted === undefined || offered === undefined) return MATCH.untold;
  return sameBytes(wanted, offered) ? MATCH.yes : MATCH.no;
}

function notFound(subject: PathCertificate, pool: CertificatePool): Refusal {
  if (subject.selfIssued) return notTrusted();
  const unreadable = pool.unreadable.length > 0 ? `; ${pool.unreadable.length} at hand cannot be read` : '';
  return refusal('issuer-not-found', `no certificate of its issuer is at hand${unreadable}`);
}

function notTrusted(): Refusal {
  return refusal('root-not-trusted', 'the path ends at a self-issued certificate that is not trusted');
}

/** Keeps the most telling fault; always null, for the caller to give back. */
function note(walk: Walk, rank: number, fault: Fault): null {
  if (walk.worst === null || rank > walk.worst.rank) walk.worst = { rank, fault };
  return null;
}

function stop(walk: Walk, why: Refusal): null {
  walk.stopped = true;
  return note(walk, RANK.budget, { refusal: why, subject: null, depth: 0 });
}
