import type { ProbeReport, Verdict } from '../probe/probe-report.js';
import { changeInWords, changesInWords } from './change-lines.js';
import { factsOf } from './fact-lines.js';
import { endpointInWords, type Finding, openFindings, titleInWords } from './finding.js';
import { counted, fence } from './plain-text.js';
import { tableOf } from './proof-lines.js';
import { type Reporter, reportsOf } from './reporter.js';

/** Markdown as GitHub and GitLab show it in comments: the verdict, what to do as a table, the rest folded away. */
export const markdown: Reporter = (probed) => `${reportsOf(probed).map(sectionOf).join('\n')}`;

function sectionOf(report: ProbeReport): string {
  const { error, verdict, summary, connections, durationMs, baseline } = report;
  const head = `## ${SIGNS[verdict]} ${verdict.toUpperCase()}: ${escaped(endpointInWords(report))}`;
  if (error !== undefined)
    return `${head}\n\n${escaped(error.message)} (${error.code})\n\n${escaped(error.hint)}\n`;
  const open = openFindings(report);
  const { pass, fail, advisory, inconclusive } = summary;
  return [
    head,
    '',
    `${pass} pass, ${fail} fail, ${inconclusive} undecided, ${advisory} to think about; ${counted(connections, 'connection')}, ${durationMs} ms`,
    ...(open.length === 0 ? [] : ['', ...table(['severity', 'claim', 'seen', 'to do'], open.map(rowOf))]),
    ...(baseline === undefined ? [] : ['', `### ${escaped(changesInWords(baseline))}`, ...changesOf(report)]),
    ...folded('Proof', proofTable(report)),
    ...folded(
      'Seen',
      table(
        ['what', 'value'],
        factsOf(report, true).map((pair) => pair.map(escaped)),
      ),
    ),
    '',
  ].join('\n');
}

function rowOf(finding: Finding): string[] {
  const { status, severity, where, evidence, remediation } = finding;
  const claim = `${escaped(titleInWords(finding))}${where === null ? '' : ` (${escaped(where)})`}`;
  return [
    status === 'fail' ? severity : LABELS[status],
    claim,
    escaped(evidence),
    escaped(remediation ?? ''),
  ];
}

function changesOf({ baseline }: ProbeReport): string[] {
  const { worse = [], better = [], changed = [] } = baseline ?? {};
  const rows = [
    ...worse.map((change) => ['worse', escaped(changeInWords(change))]),
    ...better.map((change) => ['better', escaped(changeInWords(change))]),
    ...changed.map((change) => ['changed', escaped(changeInWords(change))]),
  ];
  return rows.length === 0 ? [] : ['', ...table(['turn', 'what'], rows)];
}

function proofTable({ proof }: ProbeReport): string[] {
  const { places, lines } = tableOf(proof ?? []);
  if (lines.length === 0) return [];
  return table(
    ['', 'shown', ...places.map(escaped)],
    lines.map(({ mark, credential, outcomes }) => [mark.trim(), ...[credential, ...outcomes].map(escaped)]),
  );
}

/** HTML in Markdown begins after an empty line, and Markdown in it again. */
function folded(summary: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return ['', `<details><summary>${summary}</summary>`, '', ...lines, '', '</details>'];
}

function table(headings: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)];
}

/** Text of a stranger as nothing but text: every sign that Markdown could take for markup is escaped, and those of HTML are
 *  references; an @ mentions nobody, a # points to nothing, and an address is no link. */
function escaped(text: string): string {
  return fence(text)
    .replace(/[&<>]|:(?=\/\/)|(?<=\bwww)\./gi, (sign) => `&#${sign.charCodeAt(0)};`)
    .replace(/[\\`*_{}[\]()~|!$]/g, '\\$&')
    .replace(/@|(?<!&)#/g, '$&<!-- -->');
}

const SIGNS: Readonly<Record<Verdict, string>> = { pass: '✅', fail: '❌', inconclusive: '❔' };
const LABELS = { inconclusive: 'undecided', advisory: 'advice', pass: '', 'not-applicable': '' } as const;
