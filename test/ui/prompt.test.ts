import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askChoice, askConfirm, askPassword, askText } from '../../src/ui/prompt.js';
import type { Terminal } from '../../src/ui/terminal.js';
import { peer } from '../peers/peer.js';
import { fakeTerminal } from './fake-terminal.js';
import { buildProgram, onTerminal } from './on-terminal.js';

describe('where nobody can be asked, a question is a usage error that names the flag', () => {
  const { terminal } = fakeTerminal();
  it.each<[string, Terminal]>([
    ['stdin is a pipe', { ...terminal, stdin: {} }],
    ['stderr is a file', { ...terminal, stderr: { write: () => true } }],
    ['it is a CI job', { ...terminal, env: { CI: 'true' } }],
  ])('%s', async (_where, elsewhere) => {
    const question = { message: 'Name of the CA', flag: '--name NAME' };

    const asked = [
      askText(elsewhere, { ...question, default: 'Acme' }),
      askPassword(elsewhere, question),
      askConfirm(elsewhere, question),
      askChoice(elsewhere, { ...question, choices: [{ value: 1, label: 'one' }] }),
    ];

    for (const each of asked)
      await expect(each).rejects.toMatchObject({
        code: 'ERR_ANSWER_NEEDED',
        hint: 'Give it with --name NAME.',
      });
  });
});

describe.skipIf(!peer('expect'))('on a terminal', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sslapi-prompt-'));
    await buildProgram(QUESTIONS, join(folder, 'program.mjs'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('Enter takes the default, and the answer is on stdout alone', () => {
    expect(onTerminal(folder, 'text', 'expect "Name of the CA"', 'send "\\r"').stdout).toBe('"Acme"\n');
  });

  it('a wrong answer is asked again', () => {
    const typed = ['expect "Name"', 'send "x\\r"', 'expect "too short"', 'send "yz\\r"'];

    const { stdout, screen } = onTerminal(folder, 'text', ...typed);

    expect([stdout, screen.includes('too short')]).toEqual(['"xyz"\n', true]);
  });

  it('a password is never on the screen, and is asked for twice', () => {
    const controlT = '\\024'; // which would show it, if it were let
    const first = ['expect "Password"', `send "${controlT}s3cret-word\\r"`];
    const unlike = ['expect "same again"', 'send "other\\r"', 'expect "Not the same"'];
    const controlU = '\\025';

    const { stdout, screen } = onTerminal(
      folder,
      'password',
      ...first,
      ...unlike,
      `send "${controlU}s3cret-word\\r"`,
    );

    expect(stdout).toBe('"s3cret-word"\n');
    expect(screen).not.toMatch(/s3cret|other|\*/);
  });

  it('an empty password is none', () => {
    const { screen } = onTerminal(
      folder,
      'password',
      'expect "Password"',
      'send "\\r"',
      'expect "Empty"',
      'send "\\003"',
    );

    expect(screen).toContain('Empty is no password.');
  });

  it('Enter to a question of yes or no means no', () => {
    expect(onTerminal(folder, 'confirm', 'expect "Sign it"', 'send "\\r"').stdout).toBe('false\n');
    expect(onTerminal(folder, 'confirm', 'expect "Sign it"', 'send "y\\r"').stdout).toBe('true\n');
  });

  it('the arrow keys choose', () => {
    const down = '\\033\\[B';
    expect(onTerminal(folder, 'choice', 'expect "Which"', `send "${down}\\r"`).stdout).toBe('"server"\n');
  });

  it('Ctrl-C is ERR_INTERRUPTED', () => {
    expect(onTerminal(folder, 'text', 'expect "Name"', 'send "\\003"').stdout).toBe('"ERR_INTERRUPTED"\n');
  });
});

/** Asks the question named by its argument and writes the answer as JSON. */
const QUESTIONS = `
  import { askChoice, askConfirm, askPassword, askText } from './src/ui/prompt.ts';
  const questions = {
    text: () => askText(process, { message: 'Name of the CA', flag: '--name', default: 'Acme',
      validate: (name) => name.length > 1 || 'too short' }),
    password: () => askPassword(process, { message: 'Password', flag: '--password-file', confirm: true }),
    confirm: () => askConfirm(process, { message: 'Sign it', flag: '--yes' }),
    choice: () => askChoice(process, { message: 'Which', flag: '--profile',
      choices: [{ value: 'client', label: 'a client' }, { value: 'server', label: 'a server' }] }),
  };
  const answer = await questions[process.argv[2]]().catch((error) => error.code);
  process.stdout.write(JSON.stringify(answer) + '\\n');`;
