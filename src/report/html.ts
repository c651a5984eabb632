import type { ProbeReport, ProbeReports, Verdict } from '../probe/probe-report.js';
import { changeInWords, changesInWords } from './change-lines.js';
import { factsOf } from './fact-lines.js';
import { endpointInWords, type Finding, findingsOf, openFindings, titleInWords } from './finding.js';
import { HTML_STYLE } from './html-style.js';
import { counted, fence } from './plain-text.js';
import { tableOf } from './proof-lines.js';
import { type Reporter, reportsOf } from './reporter.js';
import { element, escapeMarkup } from './xml-text.js';

/** One page that stands alone: nothing is fetched, no script runs, and its policy forbids both. */
export const html: Reporter = (probed) => {
  const reports = reportsOf(probed);
  const [only] = reports;
  const title =
    reports.length === 1 && only ? `${headline(only)}` : `${counted(reports.length, 'endpoint')} probed`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${shown(title)}</title>
<style>
${HTML_STYLE}</style>
</head>
<body>
${reports.length === 1 ? '' : overview(probed, title)}${reports.map((report, at) => section(report, at, reports.length > 1)).join('')}</body>
</html>
`;
};

function headline(report: ProbeReport): string {
  return `${report.verdict.toUpperCase()}: ${endpointInWords(report)}`;
}

function overview({ verdict }: ProbeReport | ProbeReports, title: string): string {
  return `<header>\n<h1>${badge(verdict)} ${shown(title)}</h1>\n</header>\n`;
}

function section(report: ProbeReport, at: number, isOneOfMany: boolean): string {
  const level = isOneOfMany ? 2 : 1;
  const name = `target-${at + 1}`;
  const { error, verdict, tool, startedAt } = report;
  const heading = `<h${level} id="${name}">${badge(verdict)} ${shown(endpointInWords(report))}</h${level}>`;
  const body =
    error === undefined
      ? bodyOf(report, level + 1)
      : paragraph('failure', `${shown(error.message)} <code>${shown(error.code)}</code>`) +
        paragraph('remedy', shown(error.hint));
  const foot = `<p class="foot">${shown(`${tool.name} ${tool.version}, ${startedAt}; ${counted(report.connections, 'connection')}, ${report.durationMs} ms`)}</p>\n`;
  return `<section aria-labelledby="${name}">\n${heading}\n${body}${foot}</section>\n`;
}

function bodyOf(report: ProbeReport, level: number): string {
  const { baseline, summary } = report;
  const { pass, fail, advisory, inconclusive } = summary;
  const open = openFindings(report);
  const good = findingsOf(report).filter(
    (finding) => finding.rule === finding.key && !open.some(({ key }) => key === finding.key),
  );
  const chapter = (title: string, content: string): string =>
    content === '' ? '' : `<h${level}>${shown(title)}</h${level}>\n${content}`;
  return [
    paragraph(
      'counts',
      shown(`${pass} pass, ${fail} fail, ${inconclusive} undecided, ${advisory} to think about`),
    ),
    chapter(
      'To do',
      open.length === 0 ? '' : `<ul class="findings">\n${open.map(findingItem).join('')}</ul>\n`,
    ),
    baseline === undefined ? '' : chapter(`Changed: ${changesInWords(baseline)}`, changes(report)),
    chapter('Proof', proofTable(report)),
    chapter('Seen', facts(report)),
    chapter('In order', good.length === 0 ? '' : inOrderList(good)),
  ].join('');
}

function findingItem(finding: Finding): string {
  const { status, severity, where, evidence, remediation, citation } = finding;
  const label = status === 'fail' ? severity : LABELS[status];
  const place = where === null ? '' : ` <span class="where">${shown(where)}</span>`;
  return [
    `<li class="${label}"><p><span class="label">${label}</span> <strong>${shown(titleInWords(finding))}</strong>${place}</p>\n`,
    paragraph('evidence', shown(evidence)),
    remediation === null ? '' : paragraph('remedy', shown(remediation)),
    citation === null ? '' : paragraph('citation', shown(citation)),
    '</li>\n',
  ].join('');
}

function changes({ baseline }: ProbeReport): string {
  const { worse = [], better = [], changed = [] } = baseline ?? {};
  const items = [
    ...worse.map((change) => ['worse', change] as const),
    ...better.map((change) => ['better', change] as const),
    ...changed.map((change) => ['changed', change] as const),
  ].map(
    ([turn, change]) =>
      `<li class="${turn}"><span class="label">${turn}</span> ${shown(changeInWords(change))}</li>\n`,
  );
  return items.length === 0 ? '' : `<ul class="findings">\n${items.join('')}</ul>\n`;
}

function proofTable({ proof }: ProbeReport): string {
  const { places, lines } = tableOf(proof ?? []);
  if (lines.length === 0) return '';
  const heads = ['what it came to', 'shown', ...places].map(
    (place) => `<th scope="col">${shown(place)}</th>`,
  );
  const rows = lines.map(({ mark, credential, outcomes }) => {
    const word = MARKS[mark.trim()] ?? 'no';
    const cells = outcomes.map((outcome) => `<td>${shown(outcome)}</td>`).join('');
    return `<tr class="${word}"><td>${shown(mark.trim())} ${word}</td><th scope="row">${shown(credential)}</th>${cells}</tr>\n`;
  });
  return `<div class="wide"><table>\n<thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n${rows.join('')}</tbody>\n</table></div>\n`;
}

function facts(report: ProbeReport): string {
  const pairs = factsOf(report, true).map(
    ([label, value]) => `<dt>${shown(label)}</dt><dd>${shown(value)}</dd>\n`,
  );
  return `<dl>\n${pairs.join('')}</dl>\n`;
}

function inOrderList(good: readonly Finding[]): string {
  const items = good.map(
    ({ title, evidence, status }) =>
      `<li><span aria-hidden="true">${status === 'pass' ? '✓' : '–'}</span> ${shown(title)}: ${shown(evidence)}</li>\n`,
  );
  return `<details><summary>${counted(good.length, 'check')} passed or did not apply</summary>\n<ul class="good">\n${items.join('')}</ul></details>\n`;
}

function badge(verdict: Verdict): string {
  return element('span', { class: `verdict ${verdict}` }, verdict.toUpperCase());
}

function paragraph(name: string, content: string): string {
  return `<p class="${name}">${content}</p>\n`;
}

/** Text of a stranger as text. */
function shown(text: string): string {
  return escapeMarkup(fence(text));
}

const LABELS = {
  inconclusive: 'undecided',
  advisory: 'advice',
  pass: 'pass',
  'not-applicable': 'pass',
} as const;
const MARKS: Readonly<Record<string, string>> = {
  '✓': 'right',
  '✗': 'wrong',
  '?': 'undecided',
  '!': 'advice',
  '–': 'idle',
};
