import type { KeyUsage } from '../x509/extensions/key-usage.js';
import type { NameConstraints } from '../x509/extensions/name-constraints.js';
import { OID, oidName } from '../x509/oid.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import type { CertificatePool } from './certificate-pool.js';
import { type GreedyStyle, greedyPath } from './greedy-path.js';
import { isHost } from './name-syntax.js';
import type { PathCertificate } from './path-certificate.js';
import type { PathNote, Refusal } from './path-result.js';
import type { Purpose } from './verify-options.js';

/** A path that is good, and how it was asked for. */
export interface GoodPath {
  readonly path: readonly PathCertificate[];
  readonly pool: CertificatePool;
  readonly at: Date;
  readonly purpose: Purpose;
  /** What is wrong with another path over the same certificates; null where nothing. */
  readonly judge: (path: readonly PathCertificate[]) => Refusal | null;
}

/** Where a good path will yet be refused by the software that it is for: OpenSSL (and so nginx, Apache, HAProxy, Node),
 *  GnuTLS or Go. Each of these is held against the real one in the tests. */
export function portabilityNotes(good: GoodPath): PathNote[] {
  return RULES.flatMap(({ code, find }) => {
    const message = find(good);
    return message === null ? [] : [{ code, message }];
  });
}

interface NoteRule {
  readonly code: string;
  /** What to know, or null where the rule has nothing to say. */
  readonly find: (good: GoodPath) => string | null;
}

const RULES: readonly NoteRule[] = [
  {
    code: 'openssl-no-backtracking',
    find: (good) => backtracking(good, 'openssl', 'OpenSSL, and so nginx, Node and HAProxy,'),
  },
  { code: 'gnutls-no-backtracking', find: (good) => backtracking(good, 'gnutls', 'GnuTLS') },
  { code: 'openssl-partial-chain', find: partialChain },
  { code: 'gnutls-anchor-not-ca', find: anchorNotCa },
  { code: 'openssl-any-extended-key-usage', find: anyPurposeOnly },
  { code: 'openssl-key-usage', find: keyUsageAlone },
  { code: 'openssl-not-after', find: lastSecond },
  { code: 'openssl-common-name', find: (good) => commonNameConstrained(good, looksLikeHost, 'OpenSSL') },
  { code: 'gnutls-common-name', find: (good) => commonNameConstrained(good, isServerName, 'GnuTLS') },
  { code: 'openssl-verify-depth', find: deepForServers },
  { code: 'gnutls-policy-extensions', find: (good) => criticalPolicies(good, GNUTLS_UNKNOWN, 'GnuTLS') },
  { code: 'go-policy-extensions', find: (good) => criticalPolicies(good, GO_UNKNOWN, 'Go before 1.24') },
  { code: 'go-directory-name-constraints', find: directoryConstraints },
];

/** Only where there was a choice: the first issuer that fits is not always one that leads to an anchor. */
function backtracking({ path, pool, at, judge }: GoodPath, style: GreedyStyle, who: string): string | null {
  const choice = path.some((subject) => pool.named(subject.issuerKey).length > 1);
  if (!choice) return null;
  const greedy = greedyPath(path[0]!, pool, at, style);
  const ours = new Set(path.map(({ fingerprint }) => fingerprint));
  if (greedy.path.every(({ fingerprint }) => ours.has(fingerprint))) return null;
  const fault = greedy.complete ? judge(greedy.path) : null;
  if (greedy.complete && fault === null) return null;
  const why = fault === null ? 'leads to no trust anchor' : `is refused: ${fault.message}`;
  return `${who} takes the first issuer that fits, which ${why}, and does not try another; leave that certificate out`;
}

function partialChain({ path }: GoodPath): string | null {
  const anchor = path[path.length - 1]!;
  return anchor.selfIssued
    ? null
    : 'the trust anchor is not self-signed: OpenSSL refuses it without -partial_chain (X509_V_FLAG_PARTIAL_CHAIN), nginx and Node with it';
}

function anchorNotCa({ path }: GoodPath): string | null {
  const isCa = path[0]!.extensions.basicConstraints?.ca ?? false;
  return path.length > 1 || isCa
    ? null
    : 'the certificate is its own trust anchor and no CA: GnuTLS refuses it';
}

function anyPurposeOnly({ path, purpose }: GoodPath): string | null {
  const purposes = path[0]!.extensions.extKeyUsage;
  if (purpose === 'any' || purposes === undefined || purposes.includes(PURPOSE_OID[purpose])) return null;
  return `the only fitting extKeyUsage is anyExtendedKeyUsage: OpenSSL refuses it for a ${purpose}; Go and GnuTLS accept it`;
}

/** RFC 5280 §4.2.1.12 weighs keyUsage against an extKeyUsage; OpenSSL against the purpose, extKeyUsage or not. */
function keyUsageAlone({ path, purpose }: GoodPath): string | null {
  const { extKeyUsage, keyUsage } = path[0]!.extensions;
  if (purpose === 'any' || extKeyUsage !== undefined || keyUsage === undefined) return null;
  if (FITTING_USAGES[purpose].some((usage) => keyUsage.has(usage))) return null;
  return `keyUsage ${[...keyUsage].join(', ')} is refused by OpenSSL for a ${purpose}; add digitalSignature`;
}

function lastSecond({ path, at }: GoodPath): string | null {
  const now = wholeSeconds(at).getTime();
  const last = path.some(({ certificate }) => certificate.validity.notAfter.getTime() === now);
  return last
    ? 'this is the very second of a notAfter, which counts as valid by RFC 5280, and as expired for OpenSSL'
    : null;
}

/** Without a dNSName some take a commonName for one, and hold constraints against it. */
function commonNameConstrained(
  { path }: GoodPath,
  counts: (commonName: string, leaf: PathCertificate) => boolean,
  who: string,
): string | null {
  const [leaf, ...cas] = path as [PathCertificate, ...PathCertificate[]];
  if (leaf.extensions.subjectAltName?.some(({ type }) => type === 'dNSName')) return null;
  const host = leaf.certificate.subject.rdns
    .flat()
    .find(({ type, value }) => type === OID.commonName && counts(value, leaf));
  if (host === undefined) return null;
  const name = host.value.toLowerCase();
  const refused = cas.some(
    ({ extensions: { nameConstraints } }) => nameConstraints && isOutside(name, nameConstraints),
  );
  return refused
    ? `${who} holds the nameConstraints against the commonName "${host.value}" as well, and refuses it`
    : null;
}

function looksLikeHost(commonName: string): boolean {
  return commonName.includes('.') && isHost(commonName);
}

function isServerName(_commonName: string, { extensions: { extKeyUsage } }: PathCertificate): boolean {
  return (
    extKeyUsage === undefined ||
    extKeyUsage.includes(OID.serverAuth) ||
    extKeyUsage.includes(OID.anyExtendedKeyUsage)
  );
}

function isOutside(host: string, { permittedSubtrees, excludedSubtrees }: NameConstraints): boolean {
  const permitted = permittedSubtrees.flatMap((base) => (base.type === 'dNSName' ? [base.value] : []));
  const excluded = excludedSubtrees.flatMap((base) => (base.type === 'dNSName' ? [base.value] : []));
  if (excluded.some((base) => isBelow(host, base))) return true;
  return permitted.length > 0 && !permitted.some((base) => isBelow(host, base));
}

function isBelow(host: string, base: string): boolean {
  const domain = base.toLowerCase();
  return domain === '' || host === domain || host.endsWith(domain.startsWith('.') ? domain : `.${domain}`);
}

function deepForServers({ path, purpose }: GoodPath): string | null {
  const intermediates = path.length - 2;
  if (purpose !== 'client' || intermediates < 2) return null;
  return `${intermediates} intermediates: nginx (ssl_verify_depth) and Apache (SSLVerifyDepth) allow 1 unless told otherwise`;
}

function criticalPolicies({ path }: GoodPath, unknown: readonly string[], who: string): string | null {
  const met = unknown.filter((id) => path.some(({ extensions }) => extensions.critical.has(id)));
  return met.length === 0
    ? null
    : `${who} knows no critical ${met.map(oidName).join(', ')} and refuses the path`;
}

function directoryConstraints({ path }: GoodPath): string | null {
  const met = path.some(
    ({ extensions: { nameConstraints: constraints, critical } }) =>
      critical.has(OID.nameConstraints) &&
      [...(constraints?.permittedSubtrees ?? []), ...(constraints?.excludedSubtrees ?? [])].some(
        ({ type }) => !GO_CONSTRAINTS.includes(type),
      ),
  );
  return met ? 'Go refuses critical nameConstraints on other names than DNS, IP, mail and URI' : null;
}

const PURPOSE_OID = { server: OID.serverAuth, client: OID.clientAuth } as const;

/** OpenSSL's X509_check_purpose. */
const FITTING_USAGES: Readonly<Record<'server' | 'client', readonly KeyUsage[]>> = {
  server: ['digitalSignature', 'keyEncipherment', 'keyAgreement'],
  client: ['digitalSignature', 'keyAgreement'],
};
const GNUTLS_UNKNOWN: readonly string[] = [OID.policyConstraints, OID.policyMappings];
const GO_UNKNOWN: readonly string[] = [OID.policyConstraints, OID.policyMappings, OID.inhibitAnyPolicy];
const GO_CONSTRAINTS: readonly string[] = ['dNSName', 'iPAddress', 'rfc822Name', 'uniformResourceIdentifier'];
