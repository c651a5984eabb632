import { readFileSync } from 'node:fs';

/** What sslapi makes and other programs read. */
export const ARTEFACTS = ['certificate', 'CRL', 'key', 'encrypted key', 'p12', 'p12-legacy'] as const;
export type Artefact = (typeof ARTEFACTS)[number];

/** Of every family of keys one; RSA keys differ in nothing but length. */
export const TABLE_KEY_TYPES = ['ec-p256', 'ec-p384', 'rsa-3072', 'ed25519'] as const;
export type TableKeyType = (typeof TABLE_KEY_TYPES)[number];

/** `none`: the program has no reader for such a file at all, whatever the key. */
export type Cell = 'reads' | 'refuses' | 'none';

/** What one program made of everything, and which version of it. */
export interface PeerRow {
  readonly peer: string;
  readonly version: string;
  readonly cells: Readonly<Record<Artefact, Readonly<Record<TableKeyType, Cell>>>>;
}

/** What was measured last; the tests measure it anew and hold it to that. */
export const RECORD = 'test/interop/peer-table.json';

export function recordedRows(): PeerRow[] {
  return JSON.parse(readFileSync(RECORD, 'utf8')) as PeerRow[];
}

/** The table of the README: measured rows, then what is only known. */
export function readmeRows(rows: readonly PeerRow[]): string[][] {
  return [
    ...rows.map(({ peer, version, cells }) => [
      `${peer} ${version}`,
      ...ARTEFACTS.map((artefact) => inWords(cells[artefact])),
    ]),
    ...KNOWN,
  ];
}

/** Many cells in few words: for all keys, for all but some, for none. */
function inWords(cells: Readonly<Record<TableKeyType, Cell>>): string {
  const of = (wanted: Cell) => TABLE_KEY_TYPES.filter((keyType) => cells[keyType] === wanted);
  if (of('none').length === TABLE_KEY_TYPES.length) return '–';
  if (of('reads').length === TABLE_KEY_TYPES.length) return 'reads';
  return of('reads').length === 0 ? 'no' : `reads, but no ${of('refuses').join(', ')}`;
}

const UNTRIED = ARTEFACTS.slice(0, -2).map(() => 'not tried');
/** Known from reports of many, and not tried here. */
const KNOWN: readonly string[][] = [
  ['macOS (known, not tried)', ...UNTRIED, 'no: "wrong password"', 'reads'],
  ['Windows Server 2016 and older (known, not tried)', ...UNTRIED, 'no', 'reads'],
  ['Android up to 12 (known, not tried)', ...UNTRIED, 'no', 'reads'],
  ['Java before 8u301 (known, not tried)', ...UNTRIED, 'no', 'reads'],
];
