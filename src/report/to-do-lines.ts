import type { ProbeReport } from '../probe/probe-report.js';
import { rank, titleInWords } from './finding.js';
import { fence, lengthOf, wrap } from './plain-text.js';
import type { PaintRole, ReportStyle } from './reporter.js';
import { readable } from './version-name.js';

type Row = NonNullable<ProbeReport['proof']>[number];

/** Everything that is not as it should be: what failed, the worst first, then what could not be decided. What a proof says of
 *  one credential in several versions and on several paths is one entry. */
export function toDoLines(
  { checks, proof }: ProbeReport,
  { width, paint, verbose }: ReportStyle = {},
): string[] {
  const entries = [
    ...checks.map(({ status, severity, title, evidence, remediation }) => ({
      ...{ status, severity, what: titleInWords({ status, title }), evidence },
      remedy: status === 'fail' ? remediation : null,
    })),
    ...proofEntries(proof ?? []),
  ].filter(({ status }) => status === 'fail' || status === 'inconclusive' || status === 'advisory');
  entries.sort((a, b) => rank(a) - rank(b));
  const coloured = (role: PaintRole, text: string): string => paint?.(role, text) ?? text;
  return entries.flatMap(({ status, severity, what, evidence, remedy }) => {
    const label = status === 'fail' ? severity : LABELS[status]!;
    const [first = '', ...rest] = wrap(fence(what), `  ${label.padEnd(LABEL_WIDTH)}  `, width);
    const edge = 2 + LABEL_WIDTH;
    return [
      coloured(ROLES[label] ?? 'faint', first.slice(0, edge)) + coloured('strong', first.slice(edge)),
      ...rest.map((line) => coloured('strong', line)),
      ...wrap(verbose ? fence(evidence) : shortened(fence(evidence)), INDENT, width),
      ...(remedy === null
        ? []
        : wrap(fence(remedy), `${INDENT}→ `, width).map((line) => coloured('hint', line))),
    ];
  });
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
    ({ tlsVersion, path }) => readable(tlsVersion) + (severalPaths ? ` on ${path}` : ''),
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
const WORDS = {
  accepted: 'was let in',
  refused: 'was refused',
  'not-sent': 'could not be shown',
  inconclusive: 'got no clear answer',
} as const;
