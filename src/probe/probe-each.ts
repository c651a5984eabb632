import { type ProbeOptions, probe } from './probe.js';
import type { ProbeReport, ProbeReports } from './probe-report.js';
import type { ProbeTarget } from './probe-target.js';
import { overallVerdict } from './verdict.js';

/** Looks at several endpoints, one after the other; a single one gives its report alone. */
export async function probeEach(
  targets: readonly ProbeTarget[],
  options: ProbeOptions = {},
): Promise<ProbeReport | ProbeReports> {
  const reports: ProbeReport[] = [];
  for (const target of targets) reports.push(await probe(target, options));
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return only;
  return { schemaVersion: 1, reports, verdict: overallVerdict(reports.map(({ verdict }) => verdict)) };
}
