import { sameBytes } from '../x509/der.js';
import type { NameConstraints } from '../x509/extensions/name-constraints.js';
import { formatGeneralName, type GeneralName } from '../x509/general-name.js';
import { formatIpNetwork, isInIpNetwork } from '../x509/ip-address.js';
import { type Name, rdnKey } from '../x509/name.js';
import { OID } from '../x509/oid.js';
import { sameMailbox } from './match-hostname.js';
import { hostOfUri } from './name-syntax.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** How many comparisons of names with constraints are left; shared by all paths of one verification. */
export interface ComparisonBudget {
  left: number;
}

/** RFC 5280 §6.1.3 (b) and (c): every name of the certificate lies within what every CA above it permits, and in
 *  nothing that one of them excludes.
 *  @param constraints those of the CAs above, the anchor's included */
export function checkNameConstraints(
  subject: PathCertificate,
  constraints: readonly NameConstraints[],
  budget: ComparisonBudget,
): Refusal | null {
  return constraints.length === 0 ? null : checkNames(namesOf(subject), constraints, budget);
}

/** The same of names that no certificate has yet: a CA asks before it signs. */
export function checkNames(
  names: readonly GeneralName[],
  constraints: readonly NameConstraints[],
  budget: ComparisonBudget = { left: MAX_COMPARISONS },
): Refusal | null {
  for (const { permittedSubtrees, excludedSubtrees } of constraints) {
    for (const name of names) {
      const found =
        checkExcluded(name, excludedSubtrees, budget) ?? checkPermitted(name, permittedSubtrees, budget);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The subject as a directoryName, and all of subjectAltName; without the latter the emailAddress of the subject
 *  counts as a mailbox (§4.2.1.10). */
function namesOf({ certificate: { subject }, extensions }: PathCertificate): readonly GeneralName[] {
  const names: GeneralName[] = subject.rdns.length > 0 ? [{ type: 'directoryName', name: subject }] : [];
  if (extensions.subjectAltName !== undefined) return [...names, ...extensions.subjectAltName];
  const mailboxes = subject.rdns.flat().filter(({ type }) => type === OID.emailAddress);
  return [...names, ...mailboxes.map(({ value }): GeneralName => ({ type: 'rfc822Name', value }))];
}

function checkExcluded(
  name: GeneralName,
  bases: readonly GeneralName[],
  budget: ComparisonBudget,
): Refusal | null {
  for (const base of bases) {
    if (base.type !== name.type) continue;
    if (budget.left-- <= 0) return overBudget();
    if (!HAS_RULES.has(name.type)) return unsupported(name);
    if (touches(name, base)) {
      return refusal(
        'name-constraint-violation',
        `${formatGeneralName(name)} is excluded by a CA above (${describe(base)})`,
      );
    }
  }
  return null;
}

function checkPermitted(
  name: GeneralName,
  bases: readonly GeneralName[],
  budget: ComparisonBudget,
): Refusal | null {
  let constrained = false;
  for (const base of bases) {
    if (base.type !== name.type) continue;
    if (budget.left-- <= 0) return overBudget();
    if (!HAS_RULES.has(name.type)) return unsupported(name);
    if (isWithin(name, base)) return null;
    constrained = true;
  }
  return constrained
    ? refusal('name-constraint-violation', `${formatGeneralName(name)} is not among what a CA above permits`)
    : null;
}

/** Whether a name lies in a subtree, both of one type. */
function isWithin(name: GeneralName, base: GeneralName): boolean {
  if (name.type === 'dNSName' && base.type === 'dNSName') return isWithinDomain(name.value, base.value);
  if (name.type === 'rfc822Name' && base.type === 'rfc822Name') return isWithinMail(name.value, base.value);
  if (name.type === 'uniformResourceIdentifier' && base.type === 'uniformResourceIdentifier') {
    const host = hostOfUri(name.value);
    return host !== null && isWithinHost(host, base.value);
  }
  if (name.type === 'iPAddress' && base.type === 'iPAddress') return isInIpNetwork(name.octets, base.octets);
  if (name.type === 'directoryName' && base.type === 'directoryName') {
    return isWithinDirectory(name.name, base.name);
  }
  return false;
}

/** Whether any name that this one can stand for lies in an excluded subtree: a wildcard stands for every label, and a
 *  URI whose host cannot be told is taken to be in it (§4.2.1.10: "the application MUST reject"). */
function touches(name: GeneralName, base: GeneralName): boolean {
  if (name.type === 'uniformResourceIdentifier' && hostOfUri(name.value) === null) return true;
  if (isWithin(name, base)) return true;
  if (name.type !== 'dNSName' || base.type !== 'dNSName') return false;
  const excluded = base.value.toLowerCase();
  const dot = excluded.indexOf('.');
  return name.value.startsWith('*.') && dot > 0 && excluded.slice(dot) === name.value.slice(1).toLowerCase();
}

/** §4.2.1.10: a DNS name satisfies the constraint by "adding zero or more labels to the left-hand side". A period in
 *  front is none of the RFC's for this type; all read it as: one label or more. */
function isWithinDomain(name: string, base: string): boolean {
  const [host, domain] = [name.toLowerCase(), base.toLowerCase()];
  if (domain === '') return true;
  if (domain.startsWith('.')) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

/** For URIs and hosts of mailboxes: a base with a period in front takes subdomains only, one without that host only. */
function isWithinHost(host: string, base: string): boolean {
  const [name, domain] = [host.toLowerCase(), base.toLowerCase()];
  if (domain === '') return true;
  return domain.startsWith('.') ? name.endsWith(domain) && name.length > domain.length : name === domain;
}

function isWithinMail(mailbox: string, base: string): boolean {
  if (base.includes('@')) return sameMailbox(mailbox, base);
  return isWithinHost(mailbox.slice(mailbox.lastIndexOf('@') + 1), base);
}

/** RDN by RDN from the top, matched as names are (§7.1). */
function isWithinDirectory(name: Name, base: Name): boolean {
  if (base.rdns.length > name.rdns.length) return false;
  if (sameBytes(name.der, base.der)) return true;
  return base.rdns.every((rdn, at) => rdnKey(rdn) === rdnKey(name.rdns[at]!));
}

function describe(base: GeneralName): string {
  return base.type === 'iPAddress' ? `IP:${formatIpNetwork(base.octets)}` : formatGeneralName(base);
}

function unsupported(name: GeneralName): Refusal {
  return refusal(
    'name-constraint-unsupported',
    `a CA above constrains names of type ${name.type}, and here is one`,
  );
}

function overBudget(): Refusal {
  return refusal(
    'name-constraint-budget-exceeded',
    `more than ${MAX_COMPARISONS} comparisons of names with constraints`,
  );
}

/** As in Go's crypto/x509; a certificate with 2,500 names passes under 100 constraints. */
export const MAX_COMPARISONS = 250_000;

const HAS_RULES: ReadonlySet<string> = new Set([
  'dNSName',
  'rfc822Name',
  'uniformResourceIdentifier',
  'iPAddress',
  'directoryName',
]);
