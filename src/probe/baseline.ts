import { SslapiError } from '../errors.js';
import { factChanges } from './baseline-facts.js';
import type { BaselineReport } from './baseline-file.js';
import { findingChanges } from './baseline-findings.js';
import type { ProbeReport, ProbeReports, Verdict } from './probe-report.js';
import { formatProbeTarget } from './probe-target.js';
import { isAtLeast, type Severity } from './severity.js';
import { overallVerdict } from './verdict.js';

/** How a report differs from an older one on the same endpoint. */
export interface Comparison {
  /** The older one; null where the baseline has none on the endpoint. */
  readonly compared: { readonly startedAt: string; readonly version: string } | null;
  readonly worse: readonly Change[];
  readonly better: readonly Change[];
  /** Neither: a certificate replaced, a suite more. */
  readonly changed: readonly Change[];
}

export interface Change {
  readonly kind:
    | 'check'
    | 'row'
    | 'proof'
    | 'protocol'
    | 'cipher-suite'
    | 'group'
    | 'certificate'
    | 'client-auth';
  /** Id of the check, credential with version and path, version, suite … */
  readonly what: string;
  /** Null where it was not there. */
  readonly before: string | null;
  /** Null where it is not there any more. */
  readonly after: string | null;
  /** By what an attacker gains; null where nobody gains. */
  readonly severity: Severity | null;
}

/** A change, and which list it goes into. */
export interface JudgedChange extends Change {
  readonly turn: 'worse' | 'better' | 'changed';
}

/** Holds what was probed against older reports: the verdict is that of what got worse. An endpoint that is not among them is
 *  judged as it is, and one that could not be reached stays undecided.
 *  @throws SslapiError ERR_BASELINE_INVALID where none of the endpoints is among them */
export function againstBaseline<Probed extends ProbeReport | ProbeReports>(
  probed: Probed,
  baseline: readonly BaselineReport[],
  failOn: Severity,
): Probed {
  const reports: readonly ProbeReport[] = 'reports' in probed ? probed.reports : [probed];
  if (!reports.some(({ target }) => baseline.some((old) => isSamePort(old.target, target))))
    throw foreign(reports, baseline);
  const olds = reports.map((report) => olderOf(report, reports, baseline));
  const judged = reports.map((report, at) => compared(report, olds[at]!, failOn));
  if (!('reports' in probed)) return judged[0] as Probed;
  return { ...probed, reports: judged, verdict: overallVerdict(judged.map(({ verdict }) => verdict)) };
}

/** The older report on the same endpoint: by the same name and at the same address, else by the same name or at the same host
 *  and port alone, but only where this run has no other report that it could be of. A machine that is new behind a name is not
 *  excused by what an older one had. */
function olderOf(
  { target }: ProbeReport,
  reports: readonly ProbeReport[],
  baseline: readonly BaselineReport[],
): BaselineReport | null {
  const same = baseline.filter((old) => isSamePort(old.target, target));
  const named = same.filter((old) => old.target.servername === target.servername);
  const rivals = reports.filter((report) => isSamePort(report.target, target));
  const exact = named.find((old) => old.target.address === target.address);
  if (exact !== undefined) return exact;
  if (named.length === 0) return rivals.length === 1 ? (same[0] ?? null) : null;
  const isAlone = rivals.filter((one) => one.target.servername === target.servername).length === 1;
  return isAlone ? named[0]! : null;
}

type Endpoint = ProbeReport['target'];

function isSamePort(a: Endpoint, b: Endpoint): boolean {
  return a.host === b.host && a.port === b.port && a.starttls === b.starttls;
}

function compared(report: ProbeReport, old: BaselineReport | null, failOn: Severity): ProbeReport {
  if (old === null) return { ...report, baseline: { compared: null, worse: [], better: [], changed: [] } };
  const { startedAt, tool } = old;
  const basis = { startedAt, version: tool.version };
  // Of an endpoint that was not seen nothing can be said, neither this time nor by the older report.
  const changes =
    report.error === undefined ? [...findingChanges(report, old), ...factChanges(report, old)] : [];
  const turned = (wanted: JudgedChange['turn']): Change[] =>
    changes.flatMap(({ turn, ...change }) => (turn === wanted ? [change] : []));
  const baseline = {
    compared: basis,
    worse: turned('worse'),
    better: turned('better'),
    changed: turned('changed'),
  };
  return { ...report, verdict: verdictSince(report, baseline.worse, failOn), baseline };
}

/** What got worse decides, by the rules that decide without a baseline: checks from `failOn` on, rows whatever their severity. */
function verdictSince({ error, proof }: ProbeReport, worse: readonly Change[], failOn: Severity): Verdict {
  const counted = worse.filter(
    ({ kind, severity }) => kind === 'row' || (severity !== null && isAtLeast(severity, failOn)),
  );
  if (counted.some(({ after }) => after !== 'inconclusive' && after !== 'advisory')) return 'fail';
  const isUntold = counted.some(({ after }) => after === 'inconclusive');
  return isUntold || error !== undefined || proof?.length === 0 ? 'inconclusive' : 'pass';
}

function foreign(reports: readonly ProbeReport[], baseline: readonly BaselineReport[]): SslapiError {
  const names = (targets: ReadonlyArray<{ target: { host: string; port: number } }>): string =>
    targets
      .slice(0, 3)
      .map(({ target }) => formatProbeTarget(target))
      .join(', ');
  return new SslapiError(
    'ERR_BASELINE_INVALID',
    `the baseline is about ${names(baseline) || 'nothing'}, and not about ${names(reports)}`,
  );
}
