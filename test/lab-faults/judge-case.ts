import { type ProbeOptions, probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import { isAtLeast } from '../../src/probe/severity.js';
import type { LabCase, StartedCase } from './fault.js';
import type { FaultPki } from './fault-pki.js';

/** What the proof says of one case. */
export interface CaseResult extends StartedCase {
  readonly report: ProbeReport;
  /** Ids of the rows and of the checks that fail the verdict. */
  readonly failed: readonly string[];
  /** Those of them that fail where the fault is not. */
  readonly elsewhere: readonly string[];
  /** Ids of the rows that could not be told. */
  readonly undecided: readonly string[];
  readonly tookMs: number;
}

/** Proves one case as a user would, and tells what failed. */
export async function proveCase(
  started: StartedCase,
  { ca }: FaultPki,
  options: ProbeOptions = {},
): Promise<CaseResult> {
  const startedAt = performance.now();
  const report = await probe(`localhost:${started.port}`, {
    ca,
    proveMtls: true,
    timeoutMs: 20_000,
    ...started.lab.probe,
    ...options,
  });
  return {
    ...started,
    report,
    failed: failuresOf(report),
    elsewhere: (report.proof ?? []).filter((row) => isFailure(row) && !isAt(row, started.lab)).map(told),
    undecided: idsOf(report, 'inconclusive'),
    tookMs: performance.now() - startedAt,
  };
}

/** Does some work for all, as much of it at once as is said. */
export async function inTurn<A, B>(
  all: readonly A[],
  atOnce: number,
  work: (one: A) => Promise<B> | B,
): Promise<B[]> {
  const results: B[] = [];
  const queue = [...all.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function isAt(row: ProofRow, { where = {}, anyhow = [] }: LabCase): boolean {
  if (anyhow.includes(row.credential)) return true;
  return Object.entries(where).every(([key, value]) => row[key as keyof ProofRow] === value);
}

function isFailure({ status, expected }: ProofRow): boolean {
  return status === 'fail' && expected !== 'either';
}

function told({ credential, tlsVersion, alpn, path }: ProofRow): string {
  return `${credential} (${tlsVersion}, ${alpn}, ${path})`;
}

function failuresOf(report: ProbeReport): string[] {
  const checks = report.checks.filter(
    ({ status, severity }) => status === 'fail' && isAtLeast(severity, 'high'),
  );
  return [...idsOf(report, 'fail'), ...checks.map(({ id }) => id)];
}

function idsOf({ proof }: ProbeReport, wanted: string): string[] {
  const rows = (proof ?? []).filter(({ status, expected }) => status === wanted && expected !== 'either');
  return [...new Set(rows.map(({ credential }) => credential))];
}
