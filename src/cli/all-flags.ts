import type { Option } from 'commander';
import type { CommandContext } from './command-context.js';
import { COMMANDS, HIDDEN_COMMANDS } from './command-list.js';

/** The flags of every command, for which all of them are loaded. */
export async function flagsOfAll(context: CommandContext): Promise<readonly Option[]> {
  const loaded = await Promise.all(
    [...COMMANDS, ...HIDDEN_COMMANDS].map(async ({ load }) => (await load())(context)),
  );
  return loaded.flatMap(({ options }) => options);
}
