import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CommandContext } from '../../src/cli/command-context.js';
import { COMMANDS } from '../../src/cli/command-list.js';
import { commandTree } from '../../src/cli/command-tree.js';
import { completedCommands, OPERANDS } from '../../src/cli/completed-values.js';
import { build } from '../build.js';
import { peer } from '../peers/peer.js';

let home: string;
beforeAll(() => {
  build();
  home = mkdtempSync(join(tmpdir(), 'sslapi-completion-'));
  mkdirSync(join(home, 'bin'));
  const run = `exec '${process.execPath}' '${resolve('bin/sslapi.js')}' "$@"`;
  writeFileSync(join(home, 'bin', 'sslapi'), `#!/bin/sh\n${run}\n`, { mode: 0o755 });
  shell('sslapi init-ca --no-password && sslapi init-ca --no-password --pki other');
  shell('sslapi issue-client billing && sslapi issue-client bill@acme.test && sslapi issue-server api.test');
  shell('sslapi issue-client gone && sslapi revoke gone && sslapi issue-client carol --pki other');
  for (const shellName of ['bash', 'zsh', 'fish'])
    shell(`sslapi completion ${shellName} > completion.${shellName}`);
  shell('mkdir requests && touch requests/device.csr billing.csr');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What is typed, and of what is offered then: something that is, and something that is not. */
const OFFERS: ReadonlyArray<readonly [what: string, typed: string, offered: string, not: string]> = [
  ['commands', 'sslapi issue-', 'issue-server', 'list'],
  ['flags of the command', 'sslapi gen-crl --ne', '--next-update', '--san'],
  ['types of keys', 'sslapi issue-server api.test --key-type rsa-3', 'rsa-3072', 'ec-p256'],
  ['reasons', 'sslapi revoke billing --reason key', 'keyCompromise', 'superseded'],
  ['choices', 'sslapi sign-csr x.csr --profile p', 'peer', 'client'],
  ['formats of an export', 'sslapi export billing --format p12-', 'p12-legacy', 'sarif'],
  ['formats of a report', 'sslapi probe api.test --format sa', 'sarif', 'p12'],
  ['live NAMEs', 'sslapi export bi', 'billing', 'gone'],
  ['NAMEs as the value of a flag', 'sslapi config nginx --server ap', 'api.test', 'billing'],
  ['NAMEs of another folder', 'sslapi export --pki other c', 'carol', 'billing'],
  ['targets', 'sslapi config ap', 'apache', 'nginx'],
  ['files', 'sslapi sign-csr requests/', 'requests/device.csr', 'billing'],
  ['files as the value of a flag', 'sslapi verify api.test --trusted pki/ca.', 'pki/ca.crt', 'api.test'],
  ['folders alone', 'sslapi csr x --out re', 'requests', 'billing.csr'],
  ['NAMEs and files', 'sslapi inspect bil', 'billing.csr', 'api.test'],
  ['commands behind help', 'sslapi help gen', 'gen-crl', 'list'],
  ['shells', 'sslapi completion z', 'zsh', 'bash'],
];

describe('bash', () => {
  it.each(OFFERS)('offers %s', (_what, typed, offered, not) => {
    const words = inBash(typed);

    expect(words).toContain(offered);
    expect(words).not.toContain(not);
  });

  it.each([
    ['the value behind =', 'sslapi issue-server a --key-type=ec-p3', 'ec-p384'],
    ['what bash takes for a word of its own, from the @ of a NAME on', 'sslapi export bill@', '@acme.test'],
    ['and behind it', 'sslapi export bill@ac', '@acme.test'],
  ])('offers %s', (_what, typed, offered) => expect(inBash(typed)).toEqual([offered]));

  it('offers nothing where only a person knows', () => {
    expect(inBash('sslapi issue-server ')).toEqual([]);
    expect(inBash('sslapi init-ca --name ')).toEqual([]);
  });
});

describe.skipIf(!peer('fish'))('fish', () => {
  it.each(OFFERS)('offers %s', (_what, typed, offered, not) => {
    const words = inFish(typed);

    expect(words).toContain(offered);
    expect(words).not.toContain(not);
  });

  it('says what each command does', () => {
    expect(shell('fish --no-config -c "source completion.fish; complete -C \'sslapi gen\'"')).toContain(
      'gen-crl\tsign the CRLs anew',
    );
  });
});

describe.skipIf(!peer('zsh') || !peer('expect'))('zsh', () => {
  /** Only what one word fits is completed by a single Tab. */
  it.each([
    ['a command', 'sslapi unr', 'sslapi unrevoke'],
    ['a flag', 'sslapi gen-crl --ref', 'sslapi gen-crl --refresh'],
    ['a flag with a value', 'sslapi gen-crl --next', 'sslapi gen-crl --next-update'],
    ['a flag behind an operand', 'sslapi issue-server a --key-t', 'sslapi issue-server a --key-type'],
    ['a type of key', 'sslapi issue-server api.test --key-type rsa-3', '--key-type rsa-3072'],
    ['a value behind =', 'sslapi issue-server api.test --key-type=rsa-3', '--key-type=rsa-3072'],
    ['a reason', 'sslapi revoke billing --reason key', '--reason keyCompromise'],
    ['a live NAME', 'sslapi export billi', 'sslapi export billing'],
    ['no NAME that was revoked', 'sslapi export go', 'sslapi export go'],
    ['a NAME of another folder', 'sslapi export --pki other c', '--pki other carol'],
    ['a target', 'sslapi config ap', 'sslapi config apache'],
    ['a file', 'sslapi sign-csr requests/', 'sslapi sign-csr requests/device.csr'],
    ['a NAME or a file', 'sslapi inspect billing.', 'sslapi inspect billing.csr'],
    ['a folder', 'sslapi csr x --out reque', '--out requests'],
    ['a command behind help', 'sslapi help unr', 'sslapi help unrevoke'],
  ])('completes %s', (_what, typed, completed) => {
    expect(onTab('zsh', typed)).toMatch(new RegExp(`${escaped(completed)}[/= ]?$`));
  });
});

describe.skipIf(!peer('expect'))('bash on a terminal', () => {
  it.each([
    ['sslapi export billi', 'sslapi export billing'],
    ['sslapi export bill@', 'sslapi export bill@acme.test'],
    ['sslapi issue-server a --key-type=rsa-3', 'sslapi issue-server a --key-type=rsa-3072'],
    ['sslapi sign-csr requests/', 'sslapi sign-csr requests/device.csr'],
  ])('completes %s', (typed, completed) => expect(onTab('bash', typed)).toBe(completed));
});

describe('what is completed', () => {
  it('is known of every command that takes an operand, and of no other', async () => {
    const tree = await commandTree(new CommandContext(process));
    const taking = tree.filter(({ operands }) => operands.length > 0).map(({ name }) => name);

    expect(Object.keys(OPERANDS).sort()).toEqual([...taking, 'help'].sort());
  });

  it('are all commands, and each with its flags', async () => {
    const commands = completedCommands(await commandTree(new CommandContext(process)));

    expect(commands.map(({ name }) => name)).toEqual([...COMMANDS.map(({ name }) => name), 'help']);
    expect(commands.filter(({ name, flags }) => flags.length < 6 && name !== 'help')).toEqual([]);
  });

  it('never complains where there is no CA', () => {
    const { stdout, stderr, status } = spawnSync('bash', ['-c', 'sslapi __names --pki nowhere'], options());

    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
  });
});

function inBash(typed: string): string[] {
  const script = `source completion.bash
    COMP_LINE=$1 COMP_POINT=\${#1}
    _sslapi
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = spawnSync('bash', ['--norc', '-c', script, 'bash', typed], options());
  return stdout.split('\n').filter((line) => line !== '');
}

function inFish(typed: string): string[] {
  const { stdout } = spawnSync(
    'fish',
    ['--no-config', '-c', 'source completion.fish; complete -C $argv[1]', typed],
    options(),
  );
  return stdout.split('\n').map((line) => line.split('\t')[0]!.replace(/\/$/, ''));
}

/** Types it on a terminal, then Tab, and has the shell say what the line has become. */
function onTab(name: 'bash' | 'zsh', typed: string): string {
  const start =
    name === 'zsh'
      ? 'autoload -U compinit; compinit -u -D; source completion.zsh; print REA""DY'
      : 'source completion.bash; bind \'set show-all-if-ambiguous on\'; echo REA""DY';
  const script = `
    set timeout 20
    spawn -noecho ${name === 'zsh' ? 'zsh -f -i' : 'bash --norc -i'}
    send -- {${start}}
    send "\\r"
    expect "READY"
    send -- {${typed}}
    send "\\t"
    send "\\001echo GOT: \\005\\r"
    expect -re "\\[\\r\\n\\]GOT: (\\[^\\r\\n]*)"
    send_user "\\nLINE<$expect_out(1,string)>\\n"
    send "exit\\r"
    expect eof`;
  const { stdout } = spawnSync('expect', ['-c', script], { ...options(), input: '' });
  return /LINE<(.*)>/.exec(stdout)?.[1]?.trimEnd() ?? stdout;
}

function shell(command: string): string {
  return execFileSync('bash', ['-c', command], { ...options(), stdio: ['ignore', 'pipe', 'ignore'] });
}

function options() {
  const env = {
    PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
    HOME: home,
    LANG: 'C.UTF-8',
    TERM: 'xterm',
    ZDOTDIR: home,
  };
  return { cwd: home, env, encoding: 'utf8' } as const;
}

function escaped(text: string): string {
  return text.replace(/[.+^$()|[\]]/g, '\\$&');
}
