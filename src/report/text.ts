import type { ProbeReport, ProbeReports, Summary, Verdict } from '../probe/probe-report.js';
import { changeLines, changesInWords } from './change-lines.js';
import { factLines, limitInWords } from './fact-lines.js';
import { endpointInWords } from './finding.js';
import { counted, fence, heading, wrap } from './plain-text.js';
import { proofLines } from './proof-lines.js';
import type { PaintRole, Reporter, ReportStyle } from './reporter.js';
import { toDoLines } from './to-do-lines.js';

/** A screen to read, the verdict its first and its last word: what to do, with the worst first, then what was seen. */
export const text: Reporter = (probed, style = {}) =>
  'reports' in probed ? severalReports(probed, style) : `${oneReport(probed, style).join('\n')}\n`;

/** Several endpoints: those that pass take a line each. */
function severalReports({ reports, verdict }: ProbeReports, style: ReportStyle): string {
  const passing = reports.filter((report) => report.verdict === 'pass' && !style.verbose);
  const screens = reports
    .filter((report) => !passing.includes(report))
    .map((report) => oneReport(report, style).join('\n'));
  const short = passing.flatMap((report) => [headOf(report, style), ...limitLines(report, style)]).join('\n');
  const count = (wanted: Verdict): number => reports.filter((report) => report.verdict === wanted).length;
  const total = `of ${reports.length} targets ${count('pass')} pass, ${count('fail')} fail, ${count('inconclusive')} could not be decided: ${verdictWord(verdict, style)}`;
  return `${[...screens, ...(short === '' ? [] : [short]), total].join('\n\n')}\n`;
}

function oneReport(report: ProbeReport, style: ReportStyle): string[] {
  const { error, checks, proof, verdict, baseline } = report;
  const { width } = style;
  const title = (words: string): string => style.paint?.('strong', words) ?? words;
  const body =
    error === undefined
      ? [
          ...heading(title('To do'), toDoLines(report, style)),
          ...heading(title('Changed'), changeLines(baseline, style)),
          ...heading(title('Proof'), proofLines(proof ?? [], style)),
          ...heading(title('Seen'), factLines(report, style)),
          ...heading(title('In order'), orderLines(checks, style)),
        ]
      : [
          '',
          ...wrap(`${fence(error.message)} (${error.code})`, '  ', width),
          ...wrap(fence(error.hint), '  ', width),
        ];
  const closing = error === undefined ? closingOf(report) : 'nothing could be judged';
  return [
    headOf(report, style),
    ...body,
    '',
    ...(error === undefined && proof === null && report.clientAuth.requested
      ? wrap(PROOF_HINT, '', width)
      : []),
    ...closingLines(closing, verdict, style),
  ];
}

function headOf(report: ProbeReport, style: ReportStyle): string {
  return `${verdictWord(report.verdict, style)}  ${fence(endpointInWords(report))}`;
}

/** Under a single line, what a server cannot do. */
function limitLines({ server }: ProbeReport, { width }: ReportStyle): string[] {
  return (server?.limits ?? []).flatMap((limit) => wrap(limitInWords(limit), '      ', width));
}

/** What passed, by its count; by name with -v. */
function orderLines(checks: ProbeReport['checks'], { verbose, width, paint }: ReportStyle): string[] {
  const passed = checks.filter(({ status }) => status === 'pass');
  const idle = checks.filter(({ status }) => status === 'not-applicable');
  if (!verbose) {
    const counts = [
      ...(passed.length > 0 ? [`${counted(passed.length, 'check')} passed`] : []),
      ...(idle.length > 0 ? [`${idle.length} did not apply`] : []),
    ];
    return counts.length === 0 ? [] : [`  ${counts.join(', ')} (-v names them)`];
  }
  return [...passed, ...idle].flatMap(({ title, evidence, status }) => {
    const mark = status === 'pass' ? '✓' : '–';
    const [first = '', ...rest] = wrap(`${fence(title)}: ${fence(evidence)}`, `  ${mark} `, width);
    return [first.replace(mark, paint?.(status === 'pass' ? 'good' : 'faint', mark) ?? mark), ...rest];
  });
}

function closingOf({ summary, connections, durationMs, baseline }: ProbeReport): string {
  const parts = [
    ...(baseline ? [changesInWords(baseline)] : []),
    countsOf(summary),
    `${counted(connections, 'connection')}, ${durationMs} ms`,
  ];
  return parts.join('; ');
}

/** The last line, with the verdict as its last word. */
function closingLines(closing: string, verdict: Verdict, style: ReportStyle): string[] {
  const word = verdict.toUpperCase();
  const lines = wrap(`${closing}: ${word}`, '', style.width);
  const last = lines.pop()!;
  return [...lines, last.slice(0, -word.length) + verdictWord(verdict, style)];
}

function verdictWord(verdict: Verdict, { paint }: ReportStyle): string {
  const word = verdict.toUpperCase();
  return paint?.(VERDICT_ROLES[verdict], word) ?? word;
}

function countsOf({ pass, fail, advisory, inconclusive }: Summary): string {
  return [
    `${pass} pass`,
    `${fail} fail`,
    ...(advisory > 0 ? [`${advisory} to think about`] : []),
    ...(inconclusive > 0 ? [`${inconclusive} undecided`] : []),
  ].join(', ');
}

const PROOF_HINT = 'Whom it lets in, only a proof tells: add --prove-mtls.';
const VERDICT_ROLES: Readonly<Record<Verdict, PaintRole>> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'warning',
};
