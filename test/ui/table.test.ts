import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/ui/display-width.js';
import { table } from '../../src/ui/table.js';

const COLUMNS = [
  { heading: 'NAME', shrinks: true },
  { heading: 'DAYS', align: 'right' },
  { heading: 'STATUS' },
] as const;

describe('a table', () => {
  it('has its columns under their headings, and no space at the ends of lines', () => {
    expect(
      table(COLUMNS, [
        ['api.test', '397', 'valid'],
        ['bob', '9', 'revoked'],
      ]),
    ).toBe(['NAME      DAYS  STATUS', 'api.test   397  valid', 'bob          9  revoked', ''].join('\n'));
  });

  it('is nothing where there are no rows', () => expect(table(COLUMNS, [])).toBe(''));

  it('counts what is seen: wide characters twice, accents and colours not at all', () => {
    expect(displayWidth('株式')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('\x1b[31mred\x1b[39m')).toBe(3);
  });

  it('fits into the terminal by cutting what may shrink', () => {
    const rows = [['a-very-long-name-of-a-service.example.test', '397', 'valid']];

    const lines = table(COLUMNS, rows, { width: 30 }).trimEnd().split('\n');

    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(30);
    expect(lines[1]).toBe('a-very-long-nam…   397  valid');
  });

  it('cuts nothing where there is no terminal', () => {
    expect(table([{ heading: 'NAME', shrinks: true }], [['x'.repeat(500)]])).toContain('x'.repeat(500));
  });

  it('keeps a cell on its line, whatever is in it', () => {
    expect(table([{ heading: 'CN' }], [['two\nlines\x1b[2J']])).toBe('CN\ntwo lines\\x1b[2J\n');
  });
});
