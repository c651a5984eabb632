import { CommanderError } from 'commander';
import { EXIT, type ExitCode, SslapiError } from '../errors.js';
import { createOutput } from '../ui/output.js';
import { CommandContext } from './command-context.js';
import { buildProgram } from './program.js';

/** Runs one command line; what it ends with becomes the exit code, and nothing is ever thrown at the user. */
export async function run(args: readonly string[], host: NodeJS.Process): Promise<ExitCode> {
  const context = new CommandContext(host);
  host.stdout.on('error', (error: NodeJS.ErrnoException) => endOfPipe(error, () => context.exitCode));
  host.stderr.on('error', ignoreEndOfPipe);
  host.once('SIGINT', () => context.interrupt());
  host.once('SIGTERM', () => context.interrupt());
  try {
    const program = await buildProgram(args, context);
    await program.parseAsync([...args], { from: 'user' });
    return context.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.yes;
    const output = await createOutput(host, {
      json: args.includes('--json'),
      noColor: args.includes('--no-color'),
    });
    context.exitCode = output.fail(error instanceof CommanderError ? usageError(error, args) : error);
    return context.exitCode;
  }
}

/** What commander says about a command line, in our form: one line, and the nearest right thing as a hint. */
function usageError({ message }: CommanderError, args: readonly string[]): SslapiError {
  const [what = '', ...rest] = message.replace(/^error: /, '').split('\n');
  const suggestion = /Did you mean (?:one of )?(.+)\?/.exec(rest.join(' '))?.[1];
  if (what.includes("'--password'")) return new SslapiError('ERR_USAGE', what, { hint: PASSWORDS });
  const see = `See \`sslapi help ${args[0] ?? ''}\`.`;
  return new SslapiError('ERR_USAGE', what, {
    hint: suggestion === undefined ? see : `Did you mean ${suggestion}? ${see}`,
  });
}

/** Arguments are seen by every user of the machine. */
const PASSWORDS =
  'A password never stands on the command line: give --password-file FILE, --password-stdin or SSLAPI_CA_PASSWORD.';

/** `sslapi list | head` closes the pipe early: that is no fault, and the command's own exit code stays. */
function endOfPipe(error: NodeJS.ErrnoException, exitCode: () => ExitCode): void {
  ignoreEndOfPipe(error);
  setImmediate(() => process.exit(exitCode()));
}

/** Nobody reads on. */
function ignoreEndOfPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
