import type { ProbeReport, ProbeReports, Summary } from '../probe/probe-report.js';
import { factLines } from './fact-lines.js';
import { fence, heading } from './plain-text.js';
import { proofLines } from './proof-lines.js';
import type { Reporter } from './reporter.js';
import { toDoLines } from './to-do-lines.js';

/** A screen to read: the verdict, what to do about it with the worst first, then what was seen. */
export const text: Reporter = (probed) =>
  'reports' in probed ? severalReports(probed) : `${oneReport(probed).join('\n')}\n`;

function severalReports({ reports, verdict }: ProbeReports): string {
  const screens = reports.map((report) => oneReport(report).join('\n'));
  const count = (wanted: ProbeReport['verdict']): number =>
    reports.filter((report) => report.verdict === wanted).length;
  const total = `${verdict.toUpperCase()}: of ${reports.length} targets ${count('pass')} pass, ${count('fail')} fail, ${count('inconclusive')} could not be decided`;
  return `${[...screens, total].join('\n\n')}\n`;
}

function oneReport(report: ProbeReport): string[] {
  const { error, checks } = report;
  const head = `${report.verdict.toUpperCase()}  ${endpoint(report)}`;
  if (error !== undefined)
    return [head, '', `  ${fence(error.message)} (${error.code})`, `  ${fence(error.hint)}`];
  const good = checks.filter(({ status }) => status === 'pass' || status === 'not-applicable');
  return [
    head,
    '',
    ...factLines(report),
    ...heading('To do', toDoLines(report)),
    ...heading('Proof', proofLines(report.proof ?? [])),
    ...heading(
      'In order',
      good
        .filter(({ status }) => status === 'pass')
        .map(({ title, evidence }) => `  ${title}: ${fence(evidence)}`),
    ),
    '',
    `${counts(report.summary)}; ${report.connections} connections, ${report.durationMs} ms`,
    ...(report.proof === null && report.clientAuth.requested
      ? ['Whom it lets in, only a proof tells: add --prove-mtls.']
      : []),
  ];
}

function endpoint({ target }: ProbeReport): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  const more = [
    ...(target.address !== null && target.address !== target.host ? [`at ${target.address}`] : []),
    ...(target.servername !== null && target.servername !== target.host ? [`as ${target.servername}`] : []),
  ];
  return `${host}:${target.port}${more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

function counts({ pass, fail, advisory, inconclusive }: Summary): string {
  const parts = [
    `${pass} pass`,
    `${fail} fail`,
    ...(advisory > 0 ? [`${advisory} to think about`] : []),
    ...(inconclusive > 0 ? [`${inconclusive} undecided`] : []),
  ];
  return parts.join(', ');
}
