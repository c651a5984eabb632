import type { CommandContext } from './command-context.js';
import { commandTree } from './command-tree.js';
import { bashCompletion } from './complete-bash.js';
import { fishCompletion } from './complete-fish.js';
import { zshCompletion } from './complete-zsh.js';
import { completedCommands, type Shell } from './completed-values.js';

/** The script that a shell completes by, of every command as it is now. */
export async function completionScript(shell: Shell, context: CommandContext): Promise<string> {
  const commands = completedCommands(await commandTree(context));
  switch (shell) {
    case 'bash':
      return bashCompletion(commands);
    case 'zsh':
      return zshCompletion(commands);
    case 'fish':
      return fishCompletion(commands);
  }
}
