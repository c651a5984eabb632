import { SslapiError } from '../errors.js';
import { checkNames } from '../path/check-name-constraints.js';
import { type AllowedNames, type IssuePolicy, type PlacedRule, ruleFor } from '../policy/issue-policy.js';
import {
  matchesDnsPattern,
  matchesMailPattern,
  matchesTextPattern,
  matchesUriPrefix,
} from '../policy/name-patterns.js';
import { pointerTo } from '../policy/schema-faults.js';
import type { Validity } from '../x509/certificate.js';
import { nameConstraintsOf } from '../x509/extensions/name-constraints.js';
import { formatGeneralName, type GeneralName, toDnsName } from '../x509/general-name.js';
import { isInIpNetwork, parseIpAddress, parseIpNetwork } from '../x509/ip-address.js';
import type { Name } from '../x509/name.js';
import { OID } from '../x509/oid.js';
import { describeKey, parseSubjectPublicKeyInfo } from '../x509/subject-public-key-info.js';
import type { AuthorityContext } from './authority-context.js';
import { ISSUE_POLICY_FILE } from './issue-policy.js';
import type { LeafProfileName } from './profiles.js';
import { BACKDATE_MS, DAY_MS } from './validity-period.js';

/** What a certificate is going to say, as far as limits are set to it. */
export interface PlannedLeaf {
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly validity: Validity;
}

/** Whom it is going to name. */
type PlannedNames = Pick<PlannedLeaf, 'subject' | 'subjectAltName'>;

/** Refuses names that the CAs above may not give: every verifier would. OpenSSL takes a commonName for a DNS name where
 *  there is none and it has a dot, so it counts as one here.
 *  @throws SslapiError ERR_NAME_CONSTRAINED */
export function checkConstraints(
  { authorities }: Pick<AuthorityContext, 'authorities'>,
  { subject, subjectAltName }: PlannedNames,
): void {
  const constraints = authorities.flatMap(({ parsed }) => nameConstraintsOf(parsed) ?? []);
  if (constraints.length === 0) return;
  const directory: GeneralName[] = subject.rdns.length > 0 ? [{ type: 'directoryName', name: subject }] : [];
  const mailboxes = attributes(subject, OID.emailAddress).map(
    (value): GeneralName => ({ type: 'rfc822Name', value }),
  );
  const refusal = checkNames([...directory, ...subjectAltName, ...mailboxes], constraints);
  if (refusal !== null) throw constrained(refusal.message);
  if (subjectAltName.some(({ type }) => type === 'dNSName')) return;
  const hosts = attributes(subject, OID.commonName).filter(looksLikeHost);
  const wrong = checkNames(
    hosts.map((value) => ({ type: 'dNSName', value })),
    constraints,
  );
  if (wrong !== null)
    throw constrained(`the commonName counts as a DNS name where there is no other, and ${wrong.message}`);
}

/** Refuses what the issue policy of the pki folder does not allow, and names the rule.
 *  @throws SslapiError ERR_ISSUE_POLICY_REFUSED */
export function checkPolicy(
  context: Pick<AuthorityContext, 'folder'>,
  policy: IssuePolicy | null,
  profile: LeafProfileName,
  leaf: PlannedLeaf,
): void {
  checkPolicyNames(context, policy, profile, leaf);
  if (policy !== null)
    refuseBreach(context, keyBreach(policy, profile, leaf) ?? lifetimeBreach(policy, profile, leaf));
}

/** The same of the names alone. @throws SslapiError ERR_ISSUE_POLICY_REFUSED */
export function checkPolicyNames(
  context: Pick<AuthorityContext, 'folder'>,
  policy: IssuePolicy | null,
  profile: LeafProfileName,
  names: PlannedNames,
): void {
  if (policy !== null)
    refuseBreach(context, namesBreach(policy, profile, names) ?? commonNameBreach(policy, profile, names));
}

function refuseBreach({ folder }: Pick<AuthorityContext, 'folder'>, breach: Breach | null): void {
  if (breach === null) return;
  const path = folder.at(ISSUE_POLICY_FILE);
  throw new SslapiError('ERR_ISSUE_POLICY_REFUSED', `the issue policy refuses it: ${breach.what}`, {
    hint: `The rule is ${breach.pointer} in ${path}: keep to it, or change it there.`,
  });
}

interface Breach {
  readonly what: string;
  readonly pointer: string;
}

function namesBreach(
  policy: IssuePolicy,
  profile: LeafProfileName,
  { subject, subjectAltName }: PlannedNames,
): Breach | null {
  const rule = ruleFor(policy, profile, 'names');
  if (rule === null) return null;
  for (const name of subjectAltName) {
    const breach = nameBreach(name, rule, formatGeneralName(name));
    if (breach !== null) return breach;
  }
  if (profile === 'client') return null;
  for (const text of attributes(subject, OID.commonName)) {
    const name = hostName(text);
    const breach = name && nameBreach(name, rule, `the commonName ${text}`);
    if (breach) return breach;
  }
  return null;
}

function nameBreach(
  name: GeneralName,
  { value, pointer }: PlacedRule<AllowedNames>,
  what: string,
): Breach | null {
  const [kind, patterns, matches] = patternsFor(name, value);
  if (patterns.some(matches)) return null;
  if (kind === null) return { what: `${what} is of a kind that no rule can allow`, pointer };
  const allowed = patterns.length === 0 ? 'no name of this kind is' : `allowed are ${listed(patterns)}`;
  return { what: `${what} is not allowed (${allowed})`, pointer: pointerTo(pointer, kind) };
}

function patternsFor(
  name: GeneralName,
  { dns = [], ip = [], email = [], uri = [] }: AllowedNames,
): readonly [kind: keyof AllowedNames | null, readonly string[], (pattern: string) => boolean] {
  switch (name.type) {
    case 'dNSName':
      return ['dns', dns, (pattern) => matchesDnsPattern(name.value, pattern)];
    case 'iPAddress':
      return ['ip', ip, (pattern) => isInPattern(name.octets, pattern)];
    case 'rfc822Name':
      return ['email', email, (pattern) => matchesMailPattern(name.value, pattern)];
    case 'uniformResourceIdentifier':
      return ['uri', uri, (pattern) => matchesUriPrefix(name.value, pattern)];
    case 'directoryName':
    case 'registeredID':
    case 'otherName':
    case 'x400Address':
    case 'ediPartyName':
      return [null, [], () => false];
  }
}

function isInPattern(address: Uint8Array, pattern: string): boolean {
  const network = parseIpNetwork(pattern);
  return pattern === '*' || (network !== null && isInIpNetwork(address, network));
}

function commonNameBreach(
  policy: IssuePolicy,
  profile: LeafProfileName,
  { subject }: Pick<PlannedNames, 'subject'>,
): Breach | null {
  const rule = ruleFor(policy, profile, 'commonNames');
  const wrong = attributes(subject, OID.commonName).find(
    (text) => rule !== null && !rule.value.some((pattern) => matchesTextPattern(text, pattern)),
  );
  if (rule === null || wrong === undefined) return null;
  const what = `the commonName ${wrong} is not allowed (allowed are ${listed(rule.value)})`;
  return { what, pointer: rule.pointer };
}

function keyBreach(
  policy: IssuePolicy,
  profile: LeafProfileName,
  { subjectPublicKeyInfo }: PlannedLeaf,
): Breach | null {
  const rule = ruleFor(policy, profile, 'keyTypes');
  const keyType = describeKey(parseSubjectPublicKeyInfo(subjectPublicKeyInfo));
  if (rule === null || rule.value.includes(keyType)) return null;
  return {
    what: `a key of type ${keyType} is not allowed (allowed are ${listed(rule.value)})`,
    pointer: rule.pointer,
  };
}

/** The five minutes by which notBefore lies back for clocks that differ do not count. */
function lifetimeBreach(
  policy: IssuePolicy,
  profile: LeafProfileName,
  { validity: { notBefore, notAfter } }: PlannedLeaf,
): Breach | null {
  const rule = ruleFor(policy, profile, 'maximumLifetimeDays');
  const days = (notAfter.getTime() - notBefore.getTime() - BACKDATE_MS) / DAY_MS;
  if (rule === null || days <= rule.value) return null;
  const what = `${Math.ceil(days)} days are longer than the ${rule.value} that are allowed to a ${profile}`;
  return { what, pointer: rule.pointer };
}

function attributes({ rdns }: Name, type: string): string[] {
  return rdns.flat().flatMap((attribute) => (attribute.type === type ? [attribute.value] : []));
}

/** What a client that looks at the commonName would take for the name of a host. */
function hostName(text: string): GeneralName | null {
  const octets = parseIpAddress(text);
  if (octets !== null) return { type: 'iPAddress', octets };
  return looksLikeHost(text) ? { type: 'dNSName', value: text } : null;
}

function looksLikeHost(text: string): boolean {
  return text.includes('.') && toDnsName(text) !== null;
}

function listed(patterns: readonly string[]): string {
  const shown = patterns.slice(0, 5).join(', ');
  return patterns.length > 5 ? `${shown} and ${patterns.length - 5} more` : shown;
}

function constrained(why: string): SslapiError {
  return new SslapiError('ERR_NAME_CONSTRAINED', `every verifier would refuse the certificate: ${why}`);
}
