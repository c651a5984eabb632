import type { ProbeReport } from '../probe/probe-report.js';
import { readable } from './fact-lines.js';
import { columns } from './plain-text.js';

type Row = NonNullable<ProbeReport['proof']>[number];

/** The proof as a table: a line for each credential, a column for each version and path. */
export function proofLines(proof: readonly Row[]): string[] {
  if (proof.length === 0) return [];
  const severalPaths = new Set(proof.map(({ path }) => path)).size > 1;
  const columnOf = ({ tlsVersion, path }: Row): string =>
    `${readable(tlsVersion)}${severalPaths ? ` ${path}` : ''}`;
  const places = [...new Set(proof.map(columnOf))];
  const credentials = [...new Set(proof.map(({ credential }) => credential))];
  const cell = (credential: string, place: string): string => {
    const rows = proof.filter((row) => row.credential === credential && columnOf(row) === place);
    return [...new Set(rows.map(outcome))].join(', then ');
  };
  return columns([
    ['  ', 'shown', ...places],
    ...credentials.map((credential) => [
      mark(proof.filter((row) => row.credential === credential)),
      credential,
      ...places.map((place) => cell(credential, place)),
    ]),
  ]);
}

function outcome({ observed, how, alert, httpStatus }: Row): string {
  const by =
    alert ?? (httpStatus === null ? null : `HTTP ${httpStatus}`) ?? (how === 'closed' ? 'closed' : null);
  const word =
    observed === 'inconclusive' ? 'no clear answer' : observed === 'not-sent' ? 'not sent' : observed;
  return by === null ? word : `${word} (${by})`;
}

/** The worst of a line, told without colour. */
function mark(rows: readonly Row[]): string {
  const statuses = rows.map(({ status }) => status);
  if (statuses.includes('fail')) return ' ✗';
  if (statuses.includes('inconclusive')) return ' ?';
  return statuses.includes('advisory') ? ' !' : ' ✓';
}
