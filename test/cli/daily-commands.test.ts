import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.js';
import { DAILY_COMMANDS, isDaily } from '../../src/cli/daily-commands.js';

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
