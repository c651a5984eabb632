import { Command } from 'commander';
import { SslapiError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { COMMANDS, type CommandEntry } from './command-list.js';
import { applyDefaults } from './defaults.js';
import { version } from './version.js';

/** The command tree for one command line: the command it names in full, of all others just name and summary. */
export async function buildProgram(args: readonly string[], context: CommandContext): Promise<Command> {
  const program = quiet(new Command('sslapi'))
    .usage('COMMAND [arguments] [flags]')
    .description('A private CA, mutual TLS, and the proof that it holds.')
    .version(version(), '-V, --version', 'print the version')
    .helpCommand('help [command]', 'what a command does, with examples')
    .helpOption('-h, --help', 'this help')
    .showSuggestionAfterError()
    .addHelpText('after', START)
    .action(() => startHere(program, args));
  const named = namedCommand(args);
  for (const entry of COMMANDS)
    program.addCommand(entry === named ? await loaded(entry, context) : stub(entry));
  return program;
}

function namedCommand(args: readonly string[]): CommandEntry | undefined {
  const [first, second] = args.filter((arg) => !arg.startsWith('-'));
  return COMMANDS.find(({ name }) => name === (first === 'help' ? second : first));
}

async function loaded({ load, summary }: CommandEntry, context: CommandContext): Promise<Command> {
  const command = quiet((await load())(context))
    .summary(summary)
    .helpOption('-h, --help', 'this help')
    .showSuggestionAfterError();
  if (command.description() === '') command.description(sentence(summary));
  return command.hook('preAction', (_, action) => applyDefaults(action, context));
}

function stub({ name, summary }: CommandEntry): Command {
  return quiet(new Command(name)).summary(summary);
}

/** Commander throws instead of ending the process, and leaves the words of an error to us. */
function quiet(command: Command): Command {
  return command.exitOverride().configureOutput({ outputError: () => undefined });
}

function startHere(program: Command, args: readonly string[]): void {
  const [unknown] = args.filter((arg) => !arg.startsWith('-'));
  if (unknown === undefined) program.outputHelp();
  else throw new SslapiError('ERR_COMMAND_UNKNOWN', `there is no command "${unknown}"`, nearest(unknown));
}

function nearest(unknown: string): { hint?: string } {
  const [best] = COMMANDS.map(({ name }) => ({ name, distance: editDistance(unknown, name) })).sort(
    (a, b) => a.distance - b.distance,
  );
  return best !== undefined && best.distance <= 3 ? { hint: `Did you mean \`sslapi ${best.name}\`?` } : {};
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

const START = `
Start here:
  $ sslapi quickstart                 the whole loop, in a minute
  $ sslapi init-ca                    a CA of your own, in ./pki
  $ sslapi help issue-client          every command has examples

Exit codes: 0 done or yes, 1 the answer is no, 2 usage, 3 could not be done, 130 interrupted.`;
