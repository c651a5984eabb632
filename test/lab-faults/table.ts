import { CASES } from './cases.js';
import type { LabCase, Stack } from './fault.js';
import { STACKS } from './fault.js';
import { type Rival, type RivalWords, readRecording, rivalsOf } from './rivals.js';

/** What is wrong, what caught it, and what other scanners say of it beside the right configuration. */
export interface TableRow {
  readonly stack: Stack;
  readonly fault: string;
  readonly caughtBy: readonly string[];
  readonly rivals: Readonly<Record<Rival, RivalWords>>;
}

/** A line for each fault of the lab. */
export function tableRows(stacks: readonly Stack[] = STACKS): TableRow[] {
  const recording = readRecording();
  if (recording === null) return [];
  return stacks.flatMap((stack) =>
    CASES[stack].flatMap((one: LabCase, index) =>
      one.fault === null
        ? []
        : [{ stack, fault: one.fault, caughtBy: toldBy(one), rivals: rivalsOf(recording, stack, index) }],
    ),
  );
}

/** The columns: the fault, the rows that catch it, and what sslscan and nmap say. */
export function cellsOf({ stack, fault, caughtBy, rivals }: TableRow): string[] {
  const rows = caughtBy.map((id) => (id.includes(' ') ? id : `\`${id}\``)).join(', ');
  return [TITLES[stack], fault, rows, rivals.sslscan, rivals.nmap];
}

export const HEADINGS = ['server', 'what is wrong', 'caught by', 'sslscan', 'nmap'] as const;

/** Many rows at once are told by the first three. */
function toldBy({ caughtBy, as }: LabCase): string[] {
  const told = as === 'inconclusive' ? caughtBy.map((id) => `\`${id}\` (undecided)`) : caughtBy;
  return told.length <= 6 ? [...told] : [...told.slice(0, 3), `and ${told.length - 3} others`];
}

export const TITLES: Readonly<Record<Stack, string>> = {
  nginx: 'nginx',
  apache: 'Apache',
  haproxy: 'HAProxy',
  caddy: 'Caddy',
  node: 'Node',
};
