import type { ProbeReport } from '../probe/probe-report.js';
import { columns, fence, widthOf, wrap } from './plain-text.js';
import type { Paint, PaintRole, ReportStyle } from './reporter.js';
import { readable } from './version-name.js';

type Row = NonNullable<ProbeReport['proof']>[number];

/** The proof: a line for each credential, a column for each version and path; what came out as it should is told by name
 *  alone, and in the table with -v. Where the table is wider than the terminal, each credential is a paragraph. */
export function proofLines(proof: readonly Row[], style: ReportStyle = {}): string[] {
  const { places, lines } = tableOf(proof);
  const isWhole = style.verbose === true || style.wholeProof === true;
  const shown = lines.filter(({ mark }) => isWhole || (mark !== RIGHT && mark !== IDLE));
  const folded = lines.filter((line) => !shown.includes(line));
  const named = (isWanted: (line: ProofLine) => boolean): string =>
    folded.flatMap((line) => (isWanted(line) ? [line.credential] : [])).join(', ');
  return [
    ...tableLines(places, shown, style),
    ...foldedLine(
      RIGHT,
      'let in as it should be',
      named(({ mark, isExpected }) => mark === RIGHT && isExpected),
      style,
    ),
    ...foldedLine(
      RIGHT,
      'refused, each one',
      named(({ mark, isExpected }) => mark === RIGHT && !isExpected),
      style,
    ),
    ...foldedLine(
      IDLE,
      'did not apply',
      named(({ mark }) => mark === IDLE),
      style,
    ),
  ];
}

function tableLines(
  places: readonly string[],
  lines: readonly ProofLine[],
  { width, paint }: ReportStyle,
): string[] {
  if (lines.length === 0) return [];
  const cells = [
    ['  ', 'shown', ...places],
    ...lines.map(({ mark, credential, outcomes }) => [mark, credential, ...outcomes]),
  ];
  if (width === undefined || widthOf(cells) <= width) {
    const [head = '', ...rest] = columns(cells);
    return [paint?.('faint', head) ?? head, ...rest.map((line, at) => marked(line, lines[at]!.mark, paint))];
  }
  return lines.flatMap(({ mark, credential, outcomes }) => {
    const told = outcomes.flatMap((outcome, at) => (outcome === '' ? [] : [`${places[at]}: ${outcome}`]));
    const [first = '', ...rest] = wrap(`${credential}  ${told.join('; ')}`, `${mark}  `, width);
    return [marked(first, mark, paint), ...rest];
  });
}

function foldedLine(mark: string, what: string, names: string, { width, paint }: ReportStyle): string[] {
  if (names === '') return [];
  const [first = '', ...rest] = wrap(`${what}: ${names}`, `${mark}  `, width);
  return [marked(first, mark, paint), ...rest];
}

function marked(line: string, mark: string, paint: Paint | undefined): string {
  return line.replace(mark, paint?.(MARK_ROLES[mark] ?? 'faint', mark) ?? mark);
}

interface ProofLine {
  readonly mark: string;
  readonly credential: string;
  /** Whether it is one that has to be let in. */
  readonly isExpected: boolean;
  /** One for each place. */
  readonly outcomes: readonly string[];
}

/** The rows by credential and place, in the order in which they came. */
export function tableOf(proof: readonly Row[]): { places: string[]; lines: ProofLine[] } {
  const severalPaths = new Set(proof.map(({ path }) => path)).size > 1;
  const placeOf = ({ tlsVersion, alpn, path }: Row): string =>
    fence(`${readable(tlsVersion)}${alpn === 'h2' ? ' h2' : ''}${severalPaths ? ` ${path}` : ''}`);
  const places = [...new Set(proof.map(placeOf))];
  const credentials = [...new Set(proof.map(({ credential }) => credential))];
  const lines = credentials.map((credential) => {
    const rows = proof.filter((row) => row.credential === credential);
    const at = (place: string): string =>
      [...new Set(rows.filter((row) => placeOf(row) === place).map(outcomeOf))].join(', then ');
    const isExpected = rows.some(({ expected }) => expected === 'accept');
    return { mark: markOf(rows), credential: fence(credential), isExpected, outcomes: places.map(at) };
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
  return statuses.includes('pass') ? RIGHT : IDLE;
}

const RIGHT = ' ✓';
const IDLE = ' –';
const MARK_ROLES: Readonly<Record<string, PaintRole>> = {
  ' ✗': 'bad',
  ' ?': 'warning',
  ' !': 'warning',
  ' ✓': 'good',
};
