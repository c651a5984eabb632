import { stripVTControlCharacters } from 'node:util';
import { type Paint, plain } from './colour.js';
import { displayWidth } from './display-width.js';
import { printable } from './printable.js';

/** A column: its heading, and whether it may be cut short when the terminal is too narrow. */
export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
  readonly shrinks?: boolean;
}

/** How wide the table may be, and how it is painted. */
export interface TableStyle {
  /** Columns of the terminal; without it nothing is cut. */
  readonly width?: number | undefined;
  readonly paint?: Paint;
}

/** Rows under their headings in aligned columns, two spaces apart, each line ended; '' for no rows at all.
 *  A cell may hold colours; what could steer the terminal is escaped. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width = Number.POSITIVE_INFINITY, paint = plain }: TableStyle = {},
): string {
  if (rows.length === 0) return '';
  const cells = rows.map((row) =>
    columns.map((_column, at) => printable(row[at] ?? '').replace(/[\n\t]/g, ' ')),
  );
  const widths = fittingWidths(columns, cells, width);
  const headings = columns.map(({ heading }) => paint('faint', heading));
  return [headings, ...cells].map((row) => line(columns, row, widths)).join('');
}

function fittingWidths(
  columns: readonly Column[],
  cells: readonly (readonly string[])[],
  width: number,
): number[] {
  const wanted = columns.map(({ heading }, at) =>
    cells.reduce((most, row) => Math.max(most, displayWidth(row[at]!)), displayWidth(heading)),
  );
  let excess = sum(wanted) + GAP.length * (columns.length - 1) - width;
  return wanted.map((own, at) => {
    if (excess <= 0 || !columns[at]!.shrinks) return own;
    const given = Math.min(excess, Math.max(0, own - NARROWEST));
    excess -= given;
    return own - given;
  });
}

function line(columns: readonly Column[], row: readonly string[], widths: readonly number[]): string {
  const cells = row.map((cell, at) => {
    const text = shortened(cell, widths[at]!);
    const padding = ' '.repeat(widths[at]! - displayWidth(text));
    return columns[at]!.align === 'right' ? padding + text : text + padding;
  });
  return `${cells.join(GAP).trimEnd()}\n`;
}

/** Cut text loses its colours: a sequence could be cut in two. */
function shortened(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  for (const character of stripVTControlCharacters(text)) {
    if (displayWidth(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const GAP = '  ';
/** A shrinking column keeps so much, however narrow the terminal. */
const NARROWEST = 8;
