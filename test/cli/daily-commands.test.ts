import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.js';
import { DAILY_COMMANDS, isDaily } from '../../src/cli/daily-commands.js';
import { build } from '../build.js';

describe('the daily commands, which are built into one file', () => {
  it('are those that ca-commands.ts holds', () => {
    const held = [...readFileSync('src/cli/ca-commands.ts', 'utf8').matchAll(/commands\/([a-z-]+)\.js/g)];

    expect([...DAILY_COMMANDS].sort()).toEqual(held.map(([, name]) => name).sort());
    expect(COMMANDS.map(({ name }) => name)).toEqual(expect.arrayContaining([...DAILY_COMMANDS]));
  });

  it.each([
    [['issue-client', 'alice'], true],
    [['help', 'issue-client'], false],
    [['probe', 'list'], false],
    [[], true],
    [['--help'], false],
  ])('%j: %s', (args, daily) => expect(isDaily(args)).toBe(daily));
});

describe('the files that a command needs no other of', () => {
  build();

  it.each(['daily', 'probing'])(
    '%s loads packages and other commands when they are called for, and no chunk',
    (name) => {
      const text = readFileSync(`dist/cli/${name}.js`, 'utf8');
      const loaded = [...text.matchAll(/\b(?:from|import\()\s*["'](\.{1,2}\/[^"']+)["']/g)].map(
        ([, path]) => path!,
      );

      expect(
        loaded.filter((path) => !/^(\.\.\/vendor\/|\.\/commands\/|\.\/all-flags\.js$)/.test(path)),
      ).toEqual([]);
      expect(loaded.includes('./commands/probe.js')).toBe(name === 'daily');
    },
  );
});
