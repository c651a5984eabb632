import type { CommandFacts, FlagFacts } from '../../src/cli/command-tree.js';

/** What of the README stands in the manual too. */
export interface ReadmeFacts {
  readonly claim: string;
  /** Code and meaning. */
  readonly exitCodes: ReadonlyArray<readonly [string, string]>;
  /** Path and what it is. */
  readonly files: ReadonlyArray<readonly [string, string]>;
}

/** sslapi(1) in the man macros, of the commands as they describe themselves and of what the README says. */
export function manualPage(
  commands: readonly CommandFacts[],
  { claim, exitCodes, files }: ReadmeFacts,
  version: string,
): string {
  const [first] = commands;
  const shared = first!.flags.filter((flag) =>
    commands.every((one) => one.flags.some((own) => same(own, flag))),
  );
  const lines = [
    '.\\" Made by `npm run readme` of the commands and the README; do not edit.',
    `.TH SSLAPI 1 ${DATE} "sslapi ${version}" "User Commands"`,
    '.SH NAME',
    `sslapi \\- ${text('a private CA, mutual TLS and the proof that it holds')}`,
    '.SH SYNOPSIS',
    '.B sslapi',
    '.RI [ COMMAND ]',
    '.RI [ arguments ]',
    '.RI [ flags ]',
    '.PP',
    '.B sslapi help',
    '.RI [ COMMAND ]',
    '.SH DESCRIPTION',
    text(claim),
    '.PP',
    text(
      'Alone, sslapi tells how things stand in the PKI that is here, or where to start. Data goes to standard output, what people read to standard error.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandLines(command, shared)),
    '.SH FLAGS OF EVERY COMMAND',
    ...shared.flatMap(flagLines),
    '.SH ENVIRONMENT',
    ...tagged(
      'SSLAPI_<FLAG>',
      'what a flag leaves open: SSLAPI_PKI for --pki, SSLAPI_KEY_TYPE for --key-type. The command line comes first, sslapi.config.json last. What could run commands, weaken something or give a password away counts on the command line alone.',
    ),
    ...tagged('SSLAPI_CA_PASSWORD', "the password of the CA's keys; no child process gets it."),
    ...tagged('SSLAPI_DEBUG', '1 adds the stack to an error.'),
    ...tagged('NO_COLOR', 'no colours.'),
    '.SH FILES',
    ...files.flatMap(([path, meaning]) => tagged(path, meaning)),
    ...tagged('sslapi.config.json', 'flags for all commands run in that folder, as a JSON object.'),
    ...tagged(
      'pki/issue-policy.json',
      'what may be issued: names, keys, lifetimes; sslapi/issue-policy.schema.json describes it.',
    ),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, meaning]) => tagged(code, meaning)),
    '.SH SEE ALSO',
    '.BR openssl (1),',
    '.BR curl (1),',
    '.BR nginx (8)',
  ];
  return `${lines.join('\n')}\n`;
}

/** The facts of a README, from where they stand in it. */
export function readmeFacts(readme: string): ReadmeFacts {
  const section = (title: string) => readme.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!;
  return {
    claim: /^\*\*(.+)\*\*$/m.exec(readme)![1]!,
    exitCodes: [...section('Exit codes').matchAll(/^\| (\d+) \| (.+) \|$/gm)].map(
      ([, code, meaning]) => [code!, plain(meaning!)] as const,
    ),
    files: filesIn(/```\n(.*?)\n```/s.exec(section('Where things lie'))![1]!),
  };
}

/** The drawing of the pki folder, in which two columns stand side by side and a line may go on below. */
function filesIn(drawing: string): Array<readonly [string, string]> {
  const cells = drawing.split('\n').flatMap((line) => line.trim().split(/ {2,}/));
  const files: Array<[string, string]> = [];
  for (const cell of cells) {
    const last = files.at(-1);
    if (cell.startsWith('pki/')) files.push([cell, '']);
    else if (last !== undefined) last[1] += last[1] === '' ? cell : ` ${cell}`;
  }
  return files;
}

function commandLines(
  { name, summary, operands, flags, examples }: CommandFacts,
  shared: readonly FlagFacts[],
) {
  const usage = operands.map((one) => {
    const word = `${one.name}${one.variadic ? '...' : ''}`;
    return one.required ? `.I ${text(word)}` : `.RI [ ${text(word)} ]`;
  });
  return [
    `.SS ${name}`,
    `.B sslapi ${text(name)}`,
    ...usage,
    '.RI [ flags ]',
    '.PP',
    sentence(summary),
    ...operands.flatMap((one) => tagged(one.name, one.description, 'I')),
    ...flags.filter((flag) => !shared.some((one) => same(one, flag))).flatMap(flagLines),
    '.PP',
    'Examples:',
    ...examples.flatMap(({ line, meaning }) => ['.IP', '.B', text(line), '.br', sentence(meaning)]),
  ];
}

function flagLines({ short, long, value, description, choices }: FlagFacts): string[] {
  const name = short === null ? bold(long) : `${bold(short)}, ${bold(long)}`;
  const words = choices.length === 0 ? description : `${description}: ${choices.join(', ')}`;
  return ['.TP', value === null ? name : `${name} \\fI${escaped(value)}\\fR`, sentence(words)];
}

function tagged(tag: string, meaning: string, font: 'B' | 'I' = 'B'): string[] {
  return ['.TP', `.${font} ${text(tag)}`, sentence(meaning)];
}

function same(one: FlagFacts, other: FlagFacts): boolean {
  return one.long === other.long && one.description === other.description;
}

function sentence(words: string): string {
  const whole = /[.!?]$/.test(words) ? words : `${words}.`;
  return text(/^[a-z]+[ ,:.]/.test(whole) ? `${whole.charAt(0).toUpperCase()}${whole.slice(1)}` : whole);
}

function bold(words: string): string {
  return `\\fB${escaped(words)}\\fR`;
}

/** Words at the beginning of a line, where a dot or an apostrophe would be a request. */
function text(words: string): string {
  return escaped(words).replace(/^(?=[.'])/, '\\&');
}

/** As groff and mandoc read it, in ASCII: what is typed keeps its hyphens and quotes. */
function escaped(words: string): string {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('…', '...')
    .replaceAll('"', '\\(dq');
}

function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

/** The day that the manual bears. */
const DATE = '2026-11-24';
