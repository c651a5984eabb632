import type { ProbeReport, ReportedTarget } from '../probe/probe-report.js';
import { readable } from './version-name.js';

type Check = ProbeReport['checks'][number];
type Row = NonNullable<ProbeReport['proof']>[number];

/** A check or a row of the proof, as every format lists it. */
export interface Finding {
  /** What was held against it: the id of the check, `proof/none` for a row. */
  readonly rule: string;
  /** Stands for this finding, and no other of the report, in every report on the endpoint. */
  readonly key: string;
  /** The claim that holds where all is well. */
  readonly title: string;
  /** Version and path of a row; null for a check. */
  readonly where: string | null;
  readonly path: string | null;
  readonly status: Row['status'];
  readonly severity: Row['severity'];
  readonly evidence: string;
  /** What to do; null where there is nothing to say. */
  readonly remediation: string | null;
  readonly citation: string | null;
}

/** All checks, then all rows, in the order of the report. */
export function findingsOf({ checks, proof }: ProbeReport): Finding[] {
  const seen = new Map<string, number>();
  return [...checks.map(ofCheck), ...(proof ?? []).map(ofRow)].map((finding) => {
    const times = (seen.get(finding.key) ?? 0) + 1;
    seen.set(finding.key, times);
    return times === 1 ? finding : { ...finding, key: `${finding.key} (${times})` };
  });
}

/** What somebody has to look at, the worst first. */
export function openFindings(report: ProbeReport): Finding[] {
  return findingsOf(report)
    .filter(({ status }) => status in RANKS)
    .sort((a, b) => rank(a) - rank(b));
}

/** What is the matter: a claim that failed does not hold. */
export function titleInWords({ status, title }: Pick<Finding, 'status' | 'title'>): string {
  return status === 'fail' ? `not so: ${title}` : title;
}

/** What failed or could not be told; advice is neither. */
export function isFault({ status }: Pick<Finding, 'status'>): boolean {
  return status === 'fail' || status === 'inconclusive';
}

/** Lower is worse: what failed by its severity, then what could not be told, then advice. */
export function rank({ status, severity }: Pick<Finding, 'status' | 'severity'>): number {
  return (RANKS[status] ?? 3) * WORST_FIRST.length + WORST_FIRST.indexOf(severity);
}

/** HOST:PORT, an IPv6 address in brackets. */
export function endpointOf({ host, port }: Pick<ReportedTarget, 'host' | 'port'>): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** The endpoint, and what it was called by and reached at where that is something else. */
export function endpointInWords({ target, server }: Pick<ProbeReport, 'target' | 'server'>): string {
  const { host, address, servername, starttls } = target;
  const more = [
    ...(address !== null && address !== host ? [`at ${address}`] : []),
    ...(servername !== null && servername !== host ? [`as ${servername}`] : []),
    ...(starttls === undefined ? [] : [`STARTTLS of ${starttls}`]),
  ];
  const who = server === undefined ? '' : `${server.name}, ${server.level}, on `;
  return `${who}${endpointOf(target)}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

function ofCheck({ id, title, status, severity, evidence, remediation, citation }: Check): Finding {
  return {
    ...{ rule: id, key: id, title, where: null, path: null, status, severity, evidence, citation },
    remediation: status === 'fail' ? remediation : null,
  };
}

function ofRow({ credential, expected, status, severity, evidence, tlsVersion, alpn, path }: Row): Finding {
  const [seen = '', ...advice] = evidence.split('; ');
  const isHttp2 = alpn === 'h2';
  return {
    rule: `proof/${credential}`,
    key: `proof/${credential} ${tlsVersion}${isHttp2 ? ' h2' : ''} ${path}`,
    title: claimOf(credential, expected),
    where: `${readable(tlsVersion)}, GET ${path}${isHttp2 ? ' over HTTP/2' : ''}`,
    ...{ path, status, severity, citation: null, evidence: seen },
    remediation: advice.length > 0 ? advice.join('; ') : null,
  };
}

/** What is claimed of a credential where the endpoint does as expected. */
function claimOf(credential: string, expected: Row['expected']): string {
  if (credential === 'none') return 'Turns away who shows no client certificate';
  if (credential === 'good') return 'Lets the good client in';
  const detour = DETOUR_CLAIMS[credential];
  if (detour !== undefined) return detour;
  if (expected === 'accept') return `Lets the client ${credential} in`;
  if (expected === 'refuse') return `Refuses the client certificate ${credential}`;
  return `May refuse the client certificate ${credential}`;
}

/** Worst first; the report's layer knows the types of a probe, and none of its values. */
export const WORST_FIRST: readonly Row['severity'][] = ['critical', 'high', 'medium', 'low', 'info'];
const RANKS: Readonly<Partial<Record<Row['status'], number>>> = { fail: 0, inconclusive: 1, advisory: 2 };
/** What holds where there is no way around the handshake, word for word as the detours have it. */
export const DETOUR_CLAIMS: Readonly<Record<string, string>> = {
  'open-connection-after-revocation':
    'Serves nothing more on an open connection of a client that has been revoked',
  'other-servername': 'Serves nothing of it to strangers who call it by another name',
  'plain-http': 'Serves nothing of it over plain HTTP',
  'resumed-after-revocation': 'Goes on with no session of a client that has been revoked',
  'resumed-stranger':
    'Takes nobody for a client who goes on with a session that a stranger began, under this name or another',
  'resumed-without-certificate': 'A session of a client is not gone on with by who shows no certificate',
  'spoofed-header': 'Believes no header field that says who the client is',
  'wrong-identity': 'Gives what is for one client to no other client of the same CA',
};
