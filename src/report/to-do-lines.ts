import type { ProbeReport } from '../probe/probe-report.js';
import { readable } from './fact-lines.js';
import { columns, fence } from './plain-text.js';

/** Everything that is not as it should be: what failed, the worst first, then what could not be decided. What a proof says of
 *  one credential in several versions and on several paths is one entry. */
export function toDoLines({ checks, proof }: ProbeReport): string[] {
  const entries = [
    ...checks.map(({ status, severity, title, evidence, remediation }) => ({
      status,
      severity,
      what: title,
      evidence,
      remedy: status === 'fail' ? remediation : null,
    })),
    ...proofEntries(proof ?? []),
  ].filter(({ status }) => status === 'fail' || status === 'inconclusive' || status === 'advisory');
  entries.sort((a, b) => rank(a) - rank(b));
  return entries.flatMap(({ status, severity, what, evidence, remedy }) => {
    const label = status === 'fail' ? severity : LABELS[status]!;
    const [first] = columns([[`  ${label.padEnd(LABEL_WIDTH)}`, fence(what)]]);
    const more = [evidence, ...(remedy === null ? [] : [remedy])];
    return [first!, ...more.map((line) => `${' '.repeat(LABEL_WIDTH + 4)}${fence(line)}`)];
  });
}

interface Entry {
  readonly status: string;
  readonly severity: string;
  readonly what: string;
  readonly evidence: string;
  readonly remedy: string | null;
}

function proofEntries(proof: NonNullable<ProbeReport['proof']>): Entry[] {
  const groups = new Map<string, { entry: Entry; where: string[] }>();
  const severalPaths = new Set(proof.map(({ path }) => path)).size > 1;
  for (const { credential, status, severity, observed, evidence, tlsVersion, path } of proof) {
    const [seen = '', ...advice] = evidence.split('; ');
    const what = `${credential} ${WORDS[observed]}`;
    const key = [status, what, evidence].join('\n');
    const where = `${readable(tlsVersion)}${severalPaths ? ` on ${path}` : ''}`;
    const known = groups.get(key);
    if (known) known.where.push(where);
    else
      groups.set(key, {
        entry: {
          status,
          severity,
          what,
          evidence: seen,
          remedy: advice.length > 0 ? advice.join('; ') : null,
        },
        where: [where],
      });
  }
  return [...groups.values()].map(({ entry, where }) => ({
    ...entry,
    what: `${entry.what} (${[...new Set(where)].join(', ')})`,
  }));
}

function rank({ status, severity }: Entry): number {
  const byStatus = ['fail', 'inconclusive', 'advisory'].indexOf(status);
  return byStatus * 10 + WORST_FIRST.indexOf(severity);
}

const WORST_FIRST = ['critical', 'high', 'medium', 'low', 'info'];
const LABELS: Readonly<Record<string, string>> = { inconclusive: 'undecided', advisory: 'advice' };
const LABEL_WIDTH = 9;
const WORDS = {
  accepted: 'was let in',
  refused: 'was refused',
  'not-sent': 'could not be shown',
  inconclusive: 'got no clear answer',
} as const;
