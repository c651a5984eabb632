import { Command } from 'commander';
import type { CommandContext, CommonFlags } from './command-context.js';
import { withCommonOptions } from './options.js';

/** `__names [PREFIX]`, which shells call for a completion: the NAMEs that begin so, one a line, and never a complaint. */
export function namesCommand(context: CommandContext): Command {
  return withCommonOptions(new Command('__names'))
    .argument('[prefix]')
    .action((prefix: string | undefined, flags: CommonFlags) =>
      context.run(flags, async ({ output, openCa }) => {
        const ca = await openCa().catch(() => null);
        const names = ca === null ? [] : await ca.liveNames(prefix ?? '').catch(() => []);
        output.data(names.map((name) => `${name}\n`).join(''));
      }),
    );
}
