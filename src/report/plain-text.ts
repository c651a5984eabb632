/** Text of a stranger, on one line and without what could steer a terminal or is no character at all. */
export function fence(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}

/** A heading with the lines under it; nothing where there are none. */
export function heading(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

/** Lines that begin with `first`, or as many blanks, and are no wider than `width`; one line where there is no width.
 *  Words that are wider than a line are cut. */
export function wrap(text: string, first: string, width: number | undefined): string[] {
  const room = width === undefined ? Number.POSITIVE_INFINITY : Math.max(width - lengthOf(first), NARROWEST);
  const lines = [''];
  for (const word of text.split(' ').flatMap((one) => pieces(one, room))) {
    const last = lines.at(-1)!;
    if (last === '') lines[lines.length - 1] = word;
    else if (lengthOf(last) + 1 + lengthOf(word) <= room) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line, at) => (at === 0 ? first : ' '.repeat(lengthOf(first))) + line);
}

/** How many columns a row of cells needs, two blanks between each. */
export function widthOf(rows: ReadonlyArray<readonly string[]>): number {
  return Math.max(0, ...columns(rows).map(lengthOf));
}

/** Aligned columns, two spaces apart; the last one as long as it is. */
export function columns(rows: ReadonlyArray<readonly string[]>): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, lengthOf(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, at) => (at === row.length - 1 ? cell : cell + ' '.repeat(widths[at]! - lengthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/** `1 connection`, `2 connections`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** In characters, however many code units they take. */
export function lengthOf(text: string): number {
  return [...text].length;
}

function pieces(word: string, room: number): string[] {
  const characters = [...word];
  if (characters.length <= room) return [word];
  const count = Math.ceil(characters.length / room);
  return Array.from({ length: count }, (_, at) => characters.slice(at * room, (at + 1) * room).join(''));
}

/** A line keeps so many characters, however narrow the terminal. */
const NARROWEST = 16;
