import { OID } from '../x509/oid.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';
import type { PolicyInputs } from './verify-options.js';

/** RFC 5280 §6.1.2 to §6.1.5 for policies, over the graph of RFC 9618 in place of the tree: its size grows with the
 *  certificates alone, never with the product of their mappings.
 *  @param path from the anchor to the certificate asked about; an anchor's policy extensions bind as well (RFC 5937) */
export function checkPolicies(path: readonly PathCertificate[], inputs: PolicyInputs): Refusal | null {
  const [anchor, ...rest] = path as [PathCertificate, ...PathCertificate[]];
  const state = initialState(inputs, rest.length);
  if (anchor.extensions.certificatePolicies !== undefined) takePolicies(state, anchor, true);
  prepareForNext(state, anchor, true);
  for (const [index, subject] of rest.entries()) {
    const last = index === rest.length - 1;
    takePolicies(state, subject, last);
    if (state.nodes > MAX_NODES) return refusal('policy-budget-exceeded', `more than ${MAX_NODES} policies`);
    if (state.explicitPolicy === 0 && state.level === null) return noPolicy(subject);
    if (last) wrapUp(state, subject);
    else prepareForNext(state, subject, false);
  }
  return state.explicitPolicy > 0 || hasAcceptablePolicy(state, inputs.initialSet)
    ? null
    : noPolicy(rest.at(-1) ?? anchor);
}

/** One policy at one depth; its expected policies are those that certificates below may name for it. */
interface PolicyNode {
  readonly policy: string;
  readonly parents: readonly PolicyNode[];
  expected: readonly string[];
}

interface PolicyState {
  /** The nodes of the depth reached, by their policy; null once no policy is valid. */
  level: Map<string, PolicyNode> | null;
  explicitPolicy: number;
  policyMapping: number;
  inhibitAnyPolicy: number;
  nodes: number;
}

/** §6.1.2 (a), (d) to (f). */
function initialState({ requireExplicit, inhibitMapping, inhibitAny }: PolicyInputs, n: number): PolicyState {
  const root: PolicyNode = { policy: OID.anyPolicy, parents: [], expected: [OID.anyPolicy] };
  return {
    level: new Map([[OID.anyPolicy, root]]),
    explicitPolicy: requireExplicit ? 0 : n + 1,
    policyMapping: inhibitMapping ? 0 : n + 1,
    inhibitAnyPolicy: inhibitAny ? 0 : n + 1,
    nodes: 1,
  };
}

/** §6.1.3 (d) and (e). */
function takePolicies(state: PolicyState, subject: PathCertificate, last: boolean): void {
  const policies = subject.extensions.certificatePolicies;
  if (policies === undefined || state.level === null) {
    state.level = null;
    return;
  }
  const above = state.level;
  const byExpected = indexByExpected(above);
  const next = new Map<string, PolicyNode>();
  const named = policies.map(({ policyIdentifier }) => policyIdentifier);
  for (const policy of named) {
    if (policy === OID.anyPolicy) continue;
    const parents = byExpected.get(policy) ?? (above.has(OID.anyPolicy) ? [above.get(OID.anyPolicy)!] : []);
    if (parents.length > 0) next.set(policy, { policy, parents, expected: [policy] });
  }
  const anyCounts = state.inhibitAnyPolicy > 0 || (!last && subject.selfIssued);
  if (named.includes(OID.anyPolicy) && anyCounts) {
    for (const [policy, parents] of byExpected) {
      if (!next.has(policy)) next.set(policy, { policy, parents, expected: [policy] });
    }
  }
  state.nodes += next.size;
  state.level = next.size > 0 ? next : null;
}

/** §6.1.4 (a), (b), (h) to (j). An anchor is counted by nothing, but what it says holds. */
function prepareForNext(
  state: PolicyState,
  { extensions, selfIssued }: PathCertificate,
  isAnchor: boolean,
): void {
  applyMappings(state, extensions.policyMappings ?? []);
  if (!selfIssued && !isAnchor) {
    state.explicitPolicy = Math.max(state.explicitPolicy - 1, 0);
    state.policyMapping = Math.max(state.policyMapping - 1, 0);
    state.inhibitAnyPolicy = Math.max(state.inhibitAnyPolicy - 1, 0);
  }
  const { requireExplicitPolicy, inhibitPolicyMapping } = extensions.policyConstraints ?? {};
  state.explicitPolicy = Math.min(state.explicitPolicy, requireExplicitPolicy ?? state.explicitPolicy);
  state.policyMapping = Math.min(state.policyMapping, inhibitPolicyMapping ?? state.policyMapping);
  state.inhibitAnyPolicy = Math.min(
    state.inhibitAnyPolicy,
    extensions.inhibitAnyPolicy ?? state.inhibitAnyPolicy,
  );
}

/** §6.1.4 (b): with mapping allowed the expected policies become the subject's, without it the node is gone. */
function applyMappings(
  state: PolicyState,
  mappings: ReadonlyArray<{ readonly issuerDomainPolicy: string; readonly subjectDomainPolicy: string }>,
): void {
  const { level } = state;
  if (level === null || mappings.length === 0) return;
  const targets = new Map<string, string[]>();
  for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
    const known = targets.get(issuerDomainPolicy);
    if (known) known.push(subjectDomainPolicy);
    else targets.set(issuerDomainPolicy, [subjectDomainPolicy]);
  }
  for (const [policy, expected] of targets) {
    const node = level.get(policy);
    if (state.policyMapping === 0) level.delete(policy);
    else if (node !== undefined) node.expected = expected;
    else if (level.has(OID.anyPolicy)) {
      const any = level.get(OID.anyPolicy)!;
      level.set(policy, { policy, parents: any.parents.length > 0 ? any.parents : [any], expected });
      state.nodes += 1;
    }
  }
  if (level.size === 0) state.level = null;
}

/** §6.1.5 (a) and (b). */
function wrapUp(state: PolicyState, { extensions }: PathCertificate): void {
  state.explicitPolicy = Math.max(state.explicitPolicy - 1, 0);
  if (extensions.policyConstraints?.requireExplicitPolicy === 0) state.explicitPolicy = 0;
}

/** §6.1.5 (g): whether a policy of the last certificate goes back to one that the user accepts. The domain it is
 *  judged in is the user's: the policy as the certificate just below an anyPolicy named it. anyPolicy all the way
 *  down takes whatever the user accepts. */
function hasAcceptablePolicy({ level }: PolicyState, initialSet: readonly string[]): boolean {
  if (level === null) return false;
  if (initialSet.includes(OID.anyPolicy) || level.has(OID.anyPolicy)) return initialSet.length > 0;
  const seen = new Set<PolicyNode>();
  const open = [...level.values()];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (isAcceptable(node, initialSet)) return true;
    open.push(...node.parents);
  }
  return false;
}

function isAcceptable({ policy, parents }: PolicyNode, initialSet: readonly string[]): boolean {
  if (policy === OID.anyPolicy) return false;
  return parents.some((parent) => parent.policy === OID.anyPolicy) && initialSet.includes(policy);
}

function indexByExpected(level: ReadonlyMap<string, PolicyNode>): Map<string, PolicyNode[]> {
  const index = new Map<string, PolicyNode[]>();
  for (const node of level.values()) {
    for (const policy of node.expected) {
      const known = index.get(policy);
      if (known) known.push(node);
      else index.set(policy, [node]);
    }
  }
  return index;
}

function noPolicy({ certificate }: PathCertificate): Refusal {
  return refusal(
    'policy-not-accepted',
    certificate.version < 3 ? 'it can have no policy' : 'no policy that is required is valid down to here',
  );
}

/** Far above any real path; each certificate is bounded by its own size anyway. */
const MAX_NODES = 10_000;
