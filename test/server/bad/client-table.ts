import { readFileSync } from 'node:fs';
import { BAD_KINDS } from '../../../src/server/bad/kinds/index.js';

/** What a client made of a faulty server; `refuses-by-crl`: only where it was given the CRL. */
export type Cell = 'accepts' | 'refuses' | 'refuses-by-crl';

/** What one client made of every kind, and which version of it. */
export interface ClientRow {
  readonly client: string;
  readonly version: string;
  readonly cells: Readonly<Record<string, Cell>>;
}

/** What was measured last; the test measures it anew and holds it to that. */
export const RECORD = 'test/server/bad/client-table.json';

export function recordedClients(): ClientRow[] {
  return JSON.parse(readFileSync(RECORD, 'utf8')) as ClientRow[];
}

/** The headings of the README's table. */
export function clientHeadings(rows: readonly ClientRow[]): string[] {
  return [
    'kind',
    'what is wrong',
    'a good client',
    ...rows.map(({ client, version }) => `${client} ${version}`),
  ];
}

/** The table of the README: a line for each kind, a column for each client. */
export function clientCells(rows: readonly ClientRow[]): string[][] {
  return BAD_KINDS.map(({ id, breaks, expected, answers }) => [
    `\`${id}\`${answers === 'hello' ? ' *' : ''}`,
    breaks,
    MUST[expected],
    ...rows.map(({ cells }) => inWords(cells[id], expected)),
  ]);
}

function inWords(cell: Cell | undefined, expected: keyof typeof MUST): string {
  switch (cell) {
    case 'accepts':
      return expected === 'refuse' ? '**accepts**' : 'accepts';
    case 'refuses':
      return expected === 'accept' ? '**refuses**' : 'refuses';
    case 'refuses-by-crl':
      return 'with the CRL';
    case undefined:
      return '';
  }
}

const MUST = { accept: 'accepts', refuse: 'refuses', either: 'either' } as const;
