import type { NameConstraints } from '../x509/extensions/name-constraints.js';
import type { Fault } from './build-path.js';
import { type ComparisonBudget, checkNameConstraints } from './check-name-constraints.js';
import { checkPolicies } from './check-policies.js';
import { checkPurpose } from './check-purpose.js';
import { matchesName } from './match-hostname.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';
import type { PolicyInputs, Purpose, ReferenceName } from './verify-options.js';

/** What of the options concerns a path as a whole. */
export interface PathRules {
  readonly purpose: Purpose;
  readonly names: readonly ReferenceName[];
  readonly policy: PolicyInputs;
  readonly comparisons: ComparisonBudget;
}

/** RFC 5280 §6.1 for a path whose certificates, validity and signatures are checked already: what depends on their
 *  order. The anchor's own constraints hold as well (RFC 5937).
 *  @param path from the certificate asked about to the trust anchor */
export function validatePath(path: readonly PathCertificate[], rules: PathRules): Fault | null {
  return (
    checkPathLength(path) ??
    checkPurposes(path, rules.purpose) ??
    checkConstraints(path, rules.comparisons) ??
    at(path, 0, checkPolicies([...path].reverse(), rules.policy)) ??
    at(path, 0, checkReferenceNames(path[0]!, rules.names))
  );
}

/** §6.1.4 (l) and (m); self-issued certificates do not count, nor does the last. */
function checkPathLength(path: readonly PathCertificate[]): Fault | null {
  let left = Number.POSITIVE_INFINITY;
  for (let depth = path.length - 1; depth > 0; depth -= 1) {
    const subject = path[depth]!;
    const isAnchor = depth === path.length - 1;
    if (!isAnchor && !subject.selfIssued) {
      if (left <= 0) return at(path, depth, refusal('path-length-exceeded', 'a CA above allows no CA here'));
      left -= 1;
    }
    left = Math.min(left, subject.extensions.basicConstraints?.pathLenConstraint ?? left);
  }
  return null;
}

function checkPurposes(path: readonly PathCertificate[], purpose: Purpose): Fault | null {
  if (purpose === 'any') return null;
  for (const [depth, subject] of path.entries()) {
    const found = checkPurpose(subject, depth === 0, purpose);
    if (found !== null) return at(path, depth, found);
  }
  return null;
}

/** §6.1.3 (b), (c) and §6.1.4 (g): from the anchor down; a self-issued certificate is free unless it is the last. */
function checkConstraints(path: readonly PathCertificate[], comparisons: ComparisonBudget): Fault | null {
  const constraints: NameConstraints[] = [];
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    const subject = path[depth]!;
    if (depth === 0 || !subject.selfIssued) {
      const found = checkNameConstraints(subject, constraints, comparisons);
      if (found !== null) return at(path, depth, found);
    }
    if (subject.extensions.nameConstraints) constraints.push(subject.extensions.nameConstraints);
  }
  return null;
}

function checkReferenceNames(leaf: PathCertificate, names: readonly ReferenceName[]): Refusal | null {
  const presented = leaf.extensions.subjectAltName ?? [];
  const missing = names.find((name) => !matchesName(name, presented));
  return missing === undefined
    ? null
    : refusal('name-mismatch', `subjectAltName does not hold ${missing.type} ${missing.value}`);
}

function at(path: readonly PathCertificate[], depth: number, found: Refusal | null): Fault | null {
  return found === null ? null : { refusal: found, subject: path[depth] ?? null, depth };
}
