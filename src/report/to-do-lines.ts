import type { ProbeReport } from '../probe/probe-report.js';
import { rank, titleInWords } from './finding.js';
import { fence, lengthOf, wrap } from './plain-text.js';
import type { PaintRole, ReportStyle } from './reporter.js';
import { readable } from './version-name.js';

type Row = NonNullable<ProbeReport['proof']>[number];

/** Everything that is not as it should be: what failed, the worst first, then what could not be decided. What a proof says of
 *  one credential in several versions and on several paths is one entry. Where there is much to do, what matters little
 *  takes a line each, and all of it with -v. */
export function toDoLines(report: ProbeReport, style: ReportStyle = {}): string[] {
  const entries = entriesOf(report);
  const isMuch = !style.verbose && entries.length > MUCH && !entries.every(isSmall);
  const brief = isMuch ? entries.filter(isSmall) : [];
  const remedies = new Set<string>();
  const lines = entries.flatMap((entry) => {
    if (brief.includes(entry)) return titleLines(entry, style);
    const { remedy } = entry;
    const isSaid = remedy !== null && remedies.has(remedy);
    if (remedy !== null) remedies.add(remedy);
    return [
      ...titleLines(entry, style),
      ...detailLines(isSaid ? { ...entry, remedy: AS_ABOVE } : entry, style),
    ];
  });
  if (brief.length === 0) return lines;
  return [
    ...lines,
    ...wrap(BRIEF_HINT, '  ', style.width).map((line) => style.paint?.('faint', line) ?? line),
  ];
}

function entriesOf({ checks, proof }: ProbeReport): Entry[] {
  const entries: Entry[] = [
    ...checks.map(({ status, severity, title, evidence, remediation }) => ({
      ...{ status, severity, what: titleInWords({ status, title }), evidence },
      remedy: status === 'fail' ? remediation : null,
    })),
    ...proofEntries(proof ?? []),
  ];
  const open = entries.filter(
    ({ status }) => status === 'fail' || status === 'inconclusive' || status === 'advisory',
  );
  return open.sort((a, b) => rank(a) - rank(b));
}

function titleLines({ status, severity, what }: Entry, { width, paint }: ReportStyle): string[] {
  const label = status === 'fail' ? severity : LABELS[status]!;
  const [first = '', ...rest] = wrap(fence(what), `  ${label.padEnd(LABEL_WIDTH)}  `, width);
  if (paint === undefined) return [first, ...rest];
  const edge = 2 + LABEL_WIDTH;
  return [
    paint(ROLES[label] ?? 'faint', first.slice(0, edge)) + paint('strong', first.slice(edge)),
    ...rest.map((line) => paint('strong', line)),
  ];
}

function detailLines({ evidence, remedy }: Entry, { width, paint, verbose }: ReportStyle): string[] {
  const seen = wrap(verbose ? fence(evidence) : shortened(fence(evidence)), INDENT, width);
  if (remedy === null) return seen;
  const toDo = wrap(fence(remedy), `${INDENT}→ `, width);
  return [...seen, ...toDo.map((line) => paint?.('hint', line) ?? line)];
}

function isSmall({ severity }: Pick<Entry, 'severity'>): boolean {
  return severity === 'low' || severity === 'info';
}

interface Entry {
  readonly status: Row['status'];
  readonly severity: Row['severity'];
  readonly what: string;
  readonly evidence: string;
  readonly remedy: string | null;
}

/** Rows that came to the same by the same evidence are one entry, whatever was shown and wherever. */
function proofEntries(proof: readonly Row[]): Entry[] {
  const groups = new Map<string, Row[]>();
  for (const row of proof) {
    const key = [row.status, row.severity, row.observed, row.evidence].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const severalPaths = new Set(proof.map(({ path }) => path)).size > 1;
  return [...groups.values()].map((rows) => entryOf(rows, severalPaths));
}

function entryOf(rows: readonly Row[], severalPaths: boolean): Entry {
  const { status, severity, observed, evidence } = rows[0]!;
  const [seen = '', ...advice] = evidence.split('; ');
  const credentials = [...new Set(rows.map(({ credential }) => credential))];
  const places = rows.map(
    ({ tlsVersion, alpn, path }) =>
      readable(tlsVersion) + (alpn === 'h2' ? ' over h2' : '') + (severalPaths ? ` on ${path}` : ''),
  );
  const words = credentials.length > 1 ? WORDS[observed].replace(/^was/, 'were') : WORDS[observed];
  return {
    ...{ status, severity, evidence: seen },
    what: `${credentials.join(', ')} ${words} (${[...new Set(places)].join(', ')})`,
    remedy: advice.length > 0 ? advice.join('; ') : null,
  };
}

/** A long list of evidence is for -v. */
function shortened(text: string): string {
  return lengthOf(text) <= LONGEST ? text : `${[...text].slice(0, LONGEST).join('')}… (-v has it all)`;
}

const LABELS: Readonly<Record<string, string>> = { inconclusive: 'undecided', advisory: 'advice' };
const ROLES: Readonly<Record<string, PaintRole>> = {
  critical: 'bad',
  high: 'bad',
  medium: 'warning',
  undecided: 'warning',
};
const LABEL_WIDTH = 9;
const INDENT = ' '.repeat(LABEL_WIDTH + 4);
const LONGEST = 240;
/** More entries than these do not fit a screen with all that is to be said about them. */
const MUCH = 6;
const BRIEF_HINT = '(-v says what was seen and what to do about those of severity low and info)';
const AS_ABOVE = 'as above';
const WORDS = {
  accepted: 'was let in',
  refused: 'was refused',
  'not-sent': 'could not be shown',
  inconclusive: 'got no clear answer',
} as const;
