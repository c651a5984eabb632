import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSpinner } from '../../src/ui/spinner.js';
import { peer } from '../peers/peer.js';
import { fakeTerminal } from './fake-terminal.js';
import { buildProgram, onTerminal, onTerminalOf } from './on-terminal.js';

it('work without a terminal is done without a word', async () => {
  const { terminal, written } = fakeTerminal({ isTTY: false });

  expect(await withSpinner(terminal, 'making a key', async () => 'key')).toBe('key');
  expect(written.stderr).toBe('');
});

describe.skipIf(!peer('expect'))('on a terminal', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sslapi-spinner-'));
    await buildProgram(WORK, join(folder, 'program.mjs'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('work that is done at once shows no spinner', () => {
    expect(onTerminal(folder, '10')).toEqual({ screen: 'said\r\n', stdout: 'key' });
  });

  it('work that takes long shows one, which says how far it is, and what is said meanwhile has a line of its own', () => {
    const { screen, stdout } = onTerminal(folder, '900');

    expect(screen).toContain('making a key');
    expect(screen.indexOf('half of it')).toBeGreaterThan(screen.indexOf('making a key'));
    expect(shown(screen)).toEqual(['said']);
    expect(stdout).toBe('key');
  });

  it('a terminal that does not know its width gets no spinner', () => {
    expect(onTerminalOf(0, folder, '900')).toEqual({ screen: 'said\r\n', stdout: 'key' });
  });

  it('work that fails leaves neither spinner nor a hidden cursor', () => {
    const { screen, stdout } = onTerminal(folder, 'fail');

    expect(shown(screen)).toEqual([]);
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'));
    expect(stdout).toBe('no entropy');
  });
});

/** The lines that stay: each as it was after it was last erased. */
function shown(screen: string): string[] {
  const lines = screen.split('\r\n').map((line) => line.split(ERASE).at(-1) ?? '');
  return lines.map((line) => stripVTControlCharacters(line)).filter((line) => line !== '');
}

const ERASE = '\x1b[0K';

/** Works for so many milliseconds, or fails after 500, and says something in between. */
const WORK = `
  import { setTimeout as wait } from 'node:timers/promises';
  import { withSpinner } from './src/ui/spinner.ts';
  const ms = Number(process.argv[2]);
  const work = async (tell) => {
    if (Number.isNaN(ms)) await wait(500).then(() => { throw new Error('no entropy'); });
    await wait(ms / 2);
    process.stderr.write('said\\n');
    tell('half of it');
    await wait(ms / 2);
    return 'key';
  };
  process.stdout.write(await withSpinner(process, 'making a key', work).catch((error) => error.message));`;
