import { EXIT, type ExitCode } from '../errors.js';
import type { CheckResult } from './check.js';
import type { ProbeReport, ProbeReports, Summary, Verdict } from './probe-report.js';
import type { ProofRow } from './proof-row.js';
import { isAtLeast, type Severity } from './severity.js';

/** What checks and rows come to. A check counts from `failOn` on, failed or undecided; a row that must be refused and was
 *  not counts whatever its severity. */
export function verdictOf(
  checks: readonly CheckResult[],
  proof: readonly ProofRow[] | null,
  failOn: Severity,
): Verdict {
  const rows = (proof ?? []).filter(({ expected }) => expected !== 'either');
  const counted = [...checks.filter(({ severity }) => isAtLeast(severity, failOn)), ...rows];
  if (counted.some(({ status }) => status === 'fail')) return 'fail';
  if (counted.some(({ status }) => status === 'inconclusive') || proof?.length === 0) return 'inconclusive';
  return 'pass';
}

/** Over several: a no outranks what could not be told, and that outranks a yes. */
export function overallVerdict(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('inconclusive') || verdicts.length === 0 ? 'inconclusive' : 'pass';
}

/** The exit status of a probe. What could not be reached is never 0. */
export function exitCodeOf(probed: ProbeReport | ProbeReports, allowInconclusive = false): ExitCode {
  const reports = 'reports' in probed ? probed.reports : [probed];
  const verdict = overallVerdict(reports.map((report) => report.verdict));
  if (verdict === 'fail') return EXIT.no;
  if (verdict === 'pass') return EXIT.yes;
  const isUnreached = reports.length === 0 || reports.some(({ error }) => error !== undefined);
  return allowInconclusive && !isUnreached ? EXIT.yes : EXIT.couldNot;
}

export function summaryOf(checks: readonly CheckResult[], proof: readonly ProofRow[] | null): Summary {
  const statuses: ProofRow['status'][] = [...checks, ...(proof ?? [])].map(({ status }) => status);
  const count = (wanted: ProofRow['status']): number => statuses.filter((status) => status === wanted).length;
  return {
    pass: count('pass'),
    fail: count('fail'),
    advisory: count('advisory'),
    inconclusive: count('inconclusive'),
    notApplicable: count('not-applicable'),
  };
}
