import { ERRORS, type ErrorCode } from '../errors.js';
import { cipherSuite, cipherSuiteName } from '../tls/cipher-suite.js';
import type { HandshakeOutcome } from '../tls/exchange.js';
import { groupName } from '../tls/group.js';
import { signatureSchemeName } from '../tls/signature-scheme.js';
import { SSL2_CIPHER_KINDS } from '../tls/ssl2-hello.js';
import { STARTTLS_PROTOCOLS } from '../tls/starttls/protocols.js';
import { TLS_VERSIONS, type TlsVersion } from '../tls/version.js';
import type { CheckResult } from './check.js';
import type { Observations } from './observations.js';
import { peerCertificate } from './peer-certificate.js';
import type { ProbeReport, ReportedCipherSuite, ReportedError, ReportedTarget } from './probe-report.js';
import { formatProbeTarget, type ProbeTarget } from './probe-target.js';
import type { ProofRow } from './proof-row.js';
import type { Scan } from './scan.js';
import type { Severity } from './severity.js';
import { summaryOf, verdictOf } from './verdict.js';

/** What a report begins with. */
export interface ReportBasis {
  readonly tool: ProbeReport['tool'];
  readonly target: ReportedTarget;
  readonly startedAt: Date;
  /** On the clock of `performance.now()`. */
  readonly clockMs: number;
  readonly failOn: Severity;
}

/** Puts together what was seen and what was made of it. */
export function buildReport(
  basis: ReportBasis,
  observations: Observations,
  checks: readonly CheckResult[],
  proof: readonly ProofRow[] | null,
  connections: number,
): ProbeReport {
  const { scan, chain, at, clientAuth } = observations;
  const suites = scan.cipherSuites;
  return {
    ...headOf(basis, connections),
    protocols: protocolsOf((version) => scan.protocols[version].value),
    cipherSuites: byVersion((version) => suites.get(version)?.ids.map(reportedSuite)),
    serverOrder: byVersion((version) => suites.get(version)?.serverOrder.value ?? undefined),
    groups: byVersion((version) => scan.groups.get(version)?.ids.map(groupName)),
    signatureAlgorithms: byVersion((version) =>
      scan.signatureSchemes.get(version)?.ids.map(signatureSchemeName),
    ),
    ...incompleteLists(scan),
    alpn: scan.hello.alpn.value,
    certificates: chain.map((der) => peerCertificate(der, at)),
    clientAuth,
    checks,
    proof,
    summary: summaryOf(checks, proof),
    verdict: verdictOf(checks, proof, basis.failOn),
  };
}

/** The report on an endpoint of which nothing could be seen: never a pass. */
export function unreachedReport(basis: ReportBasis, error: ReportedError, connections: number): ProbeReport {
  return {
    ...headOf(basis, connections),
    protocols: protocolsOf(() => null),
    cipherSuites: {},
    serverOrder: {},
    groups: {},
    signatureAlgorithms: {},
    certificates: [],
    clientAuth: { requested: null, required: null, enforcedBy: null, acceptableCAs: [] },
    checks: [],
    proof: null,
    summary: summaryOf([], null),
    verdict: 'inconclusive',
    error,
  };
}

/** Why there is nothing to tell although there was a connection; null where there is. */
export function silenceError(
  target: ProbeTarget,
  handshakes: ReadonlyMap<TlsVersion, HandshakeOutcome>,
): ReportedError | null {
  const outcomes = [...handshakes.values()];
  if (outcomes.some(({ kind }) => kind === 'server-hello' || kind === 'alert')) return null;
  const where = formatProbeTarget(target);
  for (const outcome of outcomes) {
    if (outcome.kind === 'not-tls') return notTls(where, outcome.protocol, target.starttls !== undefined);
  }
  const kinds = [...new Set(outcomes.map(({ kind }) => TOLD[kind] ?? kind))].join(', ');
  return reported('ERR_UNREACHABLE', `${where} takes connections, but none gets as far as TLS: ${kinds}`);
}

/** A protocol that can begin in the clear is asked for by name. */
function notTls(where: string, protocol: string | null, isStarttls: boolean): ReportedError {
  const error = reported('ERR_NOT_TLS', `${where} speaks ${protocol ?? 'something'}, not TLS`);
  const name = STARTTLS_PROTOCOLS.find((known) => protocol?.startsWith(known));
  return name === undefined || isStarttls
    ? error
    : { ...error, hint: `Ask for TLS as it does: --starttls ${name}.` };
}

/** What is said of an error that became a report. */
function reported(code: ErrorCode, message: string): ReportedError {
  return { code, message, hint: ERRORS[code].hint };
}

function headOf({ tool, target, startedAt, clockMs }: ReportBasis, connections: number) {
  return {
    schemaVersion: 1,
    tool,
    target,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - clockMs),
    connections,
  } as const;
}

function protocolsOf(spoken: (version: TlsVersion) => boolean | null): ProbeReport['protocols'] {
  return Object.fromEntries(
    TLS_VERSIONS.map((version) => [version, spoken(version)]),
  ) as ProbeReport['protocols'];
}

function incompleteLists(scan: Scan): Pick<ProbeReport, 'incomplete'> {
  const lists = {
    cipherSuites: byVersion((version) => scan.cipherSuites.get(version)?.incomplete ?? undefined),
    groups: byVersion((version) => scan.groups.get(version)?.incomplete ?? undefined),
    signatureAlgorithms: byVersion((version) => scan.signatureSchemes.get(version)?.incomplete ?? undefined),
  };
  const some = Object.entries(lists).filter(([, why]) => Object.keys(why).length > 0);
  return some.length === 0 ? {} : { incomplete: Object.fromEntries(some) };
}

/** What each version has of something; versions that have nothing are left out. */
function byVersion<T>(offeredIn: (version: TlsVersion) => T | undefined): Partial<Record<TlsVersion, T>> {
  const entries = TLS_VERSIONS.map((version) => [version, offeredIn(version)] as const);
  const isThere = (value: T | undefined): boolean =>
    value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(entries.filter(([, value]) => isThere(value))) as Partial<Record<TlsVersion, T>>;
}

/** A code point of three octets is a cipher kind of SSL 2.0. */
function reportedSuite(id: number): ReportedCipherSuite {
  const kind = SSL2_CIPHER_KINDS.get(id);
  if (kind !== undefined) return { ...kind, id: `0x${id.toString(16).padStart(6, '0')}` };
  const opensslName = cipherSuite(id)?.opensslName ?? null;
  return { name: cipherSuiteName(id), opensslName, id: `0x${id.toString(16).padStart(4, '0')}` };
}

const TOLD: Readonly<Record<string, string>> = {
  eof: 'closed at once',
  reset: 'reset at once',
  timeout: 'silence',
  malformed: 'an answer that breaks TLS',
  unreachable: 'no further connection',
};
