import { describe, expect, it } from 'vitest';
import { collectFormat, formatWishes, printsJson } from '../../src/cli/probe-output.js';

const USAGE = expect.objectContaining({ code: 'ERR_USAGE' });

describe('--format', () => {
  it('may be given several times, each with a place of its own', () => {
    const wishes = collectFormat('json=probe.json', collectFormat('text', undefined));

    expect(formatWishes({ format: wishes })).toEqual([
      { format: 'text', file: null },
      { format: 'json', file: 'probe.json' },
    ]);
    expect(printsJson(wishes)).toBe(false);
  });

  it('is text by default, and json with --json', () => {
    expect(formatWishes({})).toEqual([{ format: 'text', file: null }]);
    expect(formatWishes({ json: true, format: [{ format: 'json', file: null }] })).toEqual([
      { format: 'json', file: null },
    ]);
  });

  it('goes to --output where it is the only one', () => {
    expect(formatWishes({ json: true, output: 'r' })).toEqual([{ format: 'json', file: 'r' }]);
    expect(() => formatWishes({ format: collectFormat('text,json', undefined), output: 'r' })).toThrow(USAGE);
  });

  it('never leaves out a file that was named', () => {
    expect(() => formatWishes({ format: collectFormat('json=a', undefined), output: 'b' })).toThrow(USAGE);
  });

  it('goes to stdout where the file is -', () => {
    expect(collectFormat('json=-', undefined)).toEqual([{ format: 'json', file: null }]);
    expect(formatWishes({ json: true, output: '-' })).toEqual([{ format: 'json', file: null }]);
  });

  it('never has two in one place', () => {
    expect(() => formatWishes({ format: collectFormat('text,json', undefined) })).toThrow(USAGE);
    expect(() => formatWishes({ format: collectFormat('text=a,json=a', undefined) })).toThrow(USAGE);
    expect(() => formatWishes({ format: collectFormat('text=a,json=./b/../a', undefined) })).toThrow(USAGE);
  });

  it.each(['', 'xml', 'text=', '=a'])('%j is none', (text) => {
    expect(() => collectFormat(text, undefined)).toThrow(USAGE);
  });
});
