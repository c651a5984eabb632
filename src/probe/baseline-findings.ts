import type { JudgedChange } from './baseline.js';
import type { BaselineReport } from './baseline-file.js';
import type { CheckResult } from './check.js';
import type { ProbeReport } from './probe-report.js';
import type { ProofRow } from './proof-row.js';
import { isAtLeast } from './severity.js';

/** Checks and rows that do not come to what they came to before. */
export function findingChanges(report: ProbeReport, old: BaselineReport): JudgedChange[] {
  return [...checkChanges(report.checks, old.checks), ...proofChanges(report.proof, old.proof)];
}

function checkChanges(checks: readonly CheckResult[], olds: BaselineReport['checks']): JudgedChange[] {
  const before = new Map(olds.map((check) => [check.id, check]));
  const now = new Set(checks.map(({ id }) => id));
  const gone = olds.filter(({ id }) => !now.has(id));
  return [
    ...checks.flatMap((check) => changeOf('check', check.id, check, before.get(check.id))),
    ...gone.map(({ id, status }) => lost('check', id, status)),
  ];
}

function proofChanges(proof: ProbeReport['proof'], old: BaselineReport['proof']): JudgedChange[] {
  if (proof === null) return old === null ? [] : [lost('proof', 'proof', `${old.length} rows`)];
  const { pairs, gone } = paired(proof, old ?? []);
  return [
    ...pairs.flatMap(([row, before]) => changeOf('row', nameOf(row), row, before)),
    ...gone.map((row) => lost('row', nameOf(row), row.status)),
  ];
}

type Told = Pick<ProofRow, 'status' | 'severity'>;

/** From better to worse; what did not apply was neither. */
const STATUSES: readonly ProofRow['status'][] = [
  'pass',
  'not-applicable',
  'advisory',
  'inconclusive',
  'fail',
];

/** No entry where nothing changed. What nobody looked at before counts as good then: a fault that is there now is new. */
function changeOf(
  kind: 'check' | 'row',
  what: string,
  { status, severity }: Told,
  before: Told | undefined,
): JudgedChange[] {
  const change = { kind, what, before: before?.status ?? null, after: status, severity };
  if (before === undefined) return isGood(status) ? [] : [{ ...change, turn: 'worse' }];
  if (before.status === status) {
    const isGraver =
      status === 'fail' && severity !== before.severity && isAtLeast(severity, before.severity);
    return isGraver ? [{ ...change, before: `fail (${before.severity})`, turn: 'worse' }] : [];
  }
  if (isGood(status) && isGood(before.status)) return [{ ...change, turn: 'changed' }];
  if (before.status === 'fail' && status === 'inconclusive') return [{ ...change, turn: 'changed' }];
  const isWorse = STATUSES.indexOf(status) > STATUSES.indexOf(before.status);
  return [{ ...change, turn: isWorse ? 'worse' : 'better' }];
}

function isGood(status: ProofRow['status']): boolean {
  return status === 'pass' || status === 'not-applicable';
}

function lost(kind: JudgedChange['kind'], what: string, before: string): JudgedChange {
  return { kind, what, before, after: null, severity: null, turn: 'changed' };
}

type OldRow = NonNullable<BaselineReport['proof']>[number];

/** Rows of the same credential, version and path belong together, those with the same ALPN first: what was refused by TLS
 *  has none. `good` comes twice, and in the same order. */
function paired(
  rows: readonly ProofRow[],
  olds: readonly OldRow[],
): { pairs: Array<[ProofRow, OldRow | undefined]>; gone: OldRow[] } {
  const left = [...olds];
  const take = (row: ProofRow, isSame: (old: OldRow) => boolean): OldRow | undefined => {
    const at = left.findIndex((old) => nameOf(old) === nameOf(row) && isSame(old));
    return at < 0 ? undefined : left.splice(at, 1)[0];
  };
  const exact = rows.map((row) => take(row, ({ alpn }) => alpn === row.alpn));
  const pairs = rows.map((row, at): [ProofRow, OldRow | undefined] => [
    row,
    exact[at] ?? take(row, () => true),
  ]);
  return { pairs, gone: left };
}

function nameOf({
  credential,
  tlsVersion,
  path,
}: Pick<ProofRow, 'credential' | 'tlsVersion' | 'path'>): string {
  return `${credential} (${tlsVersion}, ${path})`;
}
