import { describe, expect, it } from 'vitest';
import { CASES } from './cases.js';
import { STACKS } from './fault.js';
import { readRecording, rivalsOf, SAME } from './rivals.js';
import { NODE } from './stacks/node.js';
import { cellsOf, HEADINGS, tableRows } from './table.js';

const ROWS = tableRows();

describe('the table of faults', () => {
  it('has fifty faults and more, of every server', () => {
    console.log(columns([[...HEADINGS], ...ROWS.map(cellsOf)]));

    expect(ROWS.length).toBeGreaterThanOrEqual(50);
    for (const stack of STACKS) expect(ROWS.filter((row) => row.stack === stack).length).toBeGreaterThan(9);
  });

  it('names no fault twice, and for each by what it is caught', () => {
    const names = ROWS.map(({ stack, fault }) => `${stack} ${fault}`);

    expect(new Set(names).size).toBe(names.length);
    expect(ROWS.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([]);
  });
});

describe('sslscan and nmap, asked once', () => {
  it('nmap says the same of right and wrong, always', () => {
    expect(ROWS.filter(({ rivals }) => rivals.nmap !== SAME)).toEqual([]);
  });

  it('sslscan says the same, or which CAs are named, or sees more where it is let in itself', () => {
    const words = new Set(ROWS.map(({ rivals }) => rivals.sslscan));

    expect([...words].sort()).toEqual([
      'more CAs',
      'names no CA',
      'other CAs',
      'same CAs, more suites',
      SAME,
    ]);
    expect(NODE[1]!.fault).toBe(null);
    expect(rivalsOf(readRecording()!, 'node', 1).sslscan).toBe('same CAs, more suites'); // of a right one
  });

  it('neither ever tells that a server is wrong where it names the right CAs', () => {
    const { texts } = readRecording()!;

    for (const line of texts.flat()) expect(line).not.toMatch(/optional|unverified|revoked|CRL/i);
    expect(CASES.caddy[0]!.fault).toContain('no CRL');
  });
});

function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_cell, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
