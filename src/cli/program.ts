import { Command } from 'commander';
import { SslapiError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { COMMANDS, type CommandEntry, HIDDEN_COMMANDS } from './command-list.js';
import { applyDefaults } from './defaults.js';
import { nearest } from './nearest.js';
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
    .action(async () => (await import('./ca-commands.js')).glance(context));
  const named = namedCommand(args);
  for (const entry of COMMANDS)
    program.addCommand(entry === named ? await loaded(entry, context) : stub(entry));
  if (named !== undefined && HIDDEN_COMMANDS.includes(named))
    program.addCommand(await loaded(named, context), { hidden: true });
  return program;
}

/** The command that the line names, also behind `help`; undefined where it names none.
 *  @throws SslapiError ERR_COMMAND_UNKNOWN, ERR_USAGE where flags stand before the command */
function namedCommand(args: readonly string[]): CommandEntry | undefined {
  const [first, second] = args;
  const word = first === 'help' ? second : first;
  if (word === undefined || (first === 'help' && word.startsWith('-')) || OWN_FLAGS.has(word))
    return undefined;
  if (word.startsWith('-')) throw flagBeforeCommand(word, args);
  const entry = [...COMMANDS, ...HIDDEN_COMMANDS].find(({ name }) => name === word);
  if (entry !== undefined || word === 'help') return entry;
  const near = nearest(word, [...COMMANDS.map(({ name }) => name), 'help']);
  throw new SslapiError('ERR_COMMAND_UNKNOWN', `there is no command "${word}"`, {
    ...(near !== undefined && { hint: `Did you mean \`sslapi ${near}\`?` }),
  });
}

function flagBeforeCommand(flag: string, args: readonly string[]): SslapiError {
  const command = COMMANDS.find(({ name }) => args.includes(name))?.name ?? 'COMMAND';
  return new SslapiError('ERR_USAGE', `"${flag}" stands where a command belongs`, {
    hint: `Flags follow the command: \`sslapi ${command} ${flag}\`.`,
  });
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

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

/** What the program takes without a command. */
const OWN_FLAGS: ReadonlySet<string> = new Set(['-h', '--help', '-V', '--version']);

const START = `
Start here:
  $ sslapi quickstart                 the whole loop, in a minute
  $ sslapi init-ca                    a CA of your own, in ./pki
  $ sslapi help issue-client          every command has examples

Exit codes: 0 done or yes, 1 the answer is no, 2 usage, 3 could not be done, 130 interrupted.`;
