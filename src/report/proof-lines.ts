import type { ProbeReport } from '../probe/probe-report.js';
import { columns, fence, widthOf, wrap } from './plain-text.js';
import type { PaintRole, ReportStyle } from './reporter.js';
import { readable } from './version-name.js';

type Row = NonNullable<ProbeReport['proof']>[number];

/** The proof as a table: a line for each credential, a column for each version and path; where that is wider than the
 *  terminal, a paragraph for each credential. */
export function proofLines(proof: readonly Row[], { width, paint }: ReportStyle = {}): string[] {
  if (proof.length === 0) return [];
  const { places, lines } = tableOf(proof);
  const cells = [
    ['  ', 'shown', ...places],
    ...lines.map(({ mark, credential, outcomes }) => [mark, credential, ...outcomes]),
  ];
  const marked = (line: string, mark: string): string =>
    line.replace(mark, paint?.(MARK_ROLES[mark] ?? 'faint', mark) ?? mark);
  if (width === undefined || widthOf(cells) <= width) {
    const [head = '', ...rest] = columns(cells);
    return [paint?.('faint', head) ?? head, ...rest.map((line, at) => marked(line, lines[at]!.mark))];
  }
  return lines.flatMap(({ mark, credential, outcomes }) => {
    const told = outcomes.flatMap((outcome, at) => (outcome === '' ? [] : [`${places[at]}: ${outcome}`]));
    const [first = '', ...rest] = wrap(`${credential}  ${told.join('; ')}`, `${mark}  `, width);
    return [marked(first, mark), ...rest];
  });
}

interface ProofLine {
  readonly mark: string;
  readonly credential: string;
  /** One for each place. */
  readonly outcomes: readonly string[];
}

/** The rows by credential and place, in the order in which they came. */
export function tableOf(proof: readonly Row[]): { places: string[]; lines: ProofLine[] } {
  const severalPaths = new Set(proof.map(({ path }) => path)).size > 1;
  const placeOf = ({ tlsVersion, path }: Row): string =>
    fence(`${readable(tlsVersion)}${severalPaths ? ` ${path}` : ''}`);
  const places = [...new Set(proof.map(placeOf))];
  const credentials = [...new Set(proof.map(({ credential }) => credential))];
  const lines = credentials.map((credential) => {
    const rows = proof.filter((row) => row.credential === credential);
    const at = (place: string): string =>
      [...new Set(rows.filter((row) => placeOf(row) === place).map(outcomeOf))].join(', then ');
    return { mark: markOf(rows), credential: fence(credential), outcomes: places.map(at) };
  });
  return { places, lines };
}

function outcomeOf({ observed, how, alert, httpStatus, status }: Row): string {
  if (status === 'not-applicable') return 'does not apply';
  const by =
    alert ?? (httpStatus === null ? null : `HTTP ${httpStatus}`) ?? (how === 'closed' ? 'closed' : null);
  const word =
    observed === 'inconclusive' ? 'no clear answer' : observed === 'not-sent' ? 'not sent' : observed;
  return by === null ? word : fence(`${word} (${by})`);
}

/** The worst of a line, told without colour. */
function markOf(rows: readonly Row[]): string {
  const statuses = rows.map(({ status }) => status);
  if (statuses.includes('fail')) return ' ✗';
  if (statuses.includes('inconclusive')) return ' ?';
  if (statuses.includes('advisory')) return ' !';
  return statuses.includes('pass') ? ' ✓' : ' –';
}

const MARK_ROLES: Readonly<Record<string, PaintRole>> = {
  ' ✗': 'bad',
  ' ?': 'warning',
  ' !': 'warning',
  ' ✓': 'good',
};
