import { Argument, Command } from 'commander';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { SHELLS, type Shell } from '../completed-values.js';
import { withCommonOptions, withExamples } from '../options.js';

/** `completion bash|zsh|fish`: what a shell has to be told to complete commands, flags, NAMEs and files. */
export function completionCommand(context: CommandContext): Command {
  const command = new Command('completion')
    .addArgument(new Argument('<shell>', 'the shell to write it for').choices(SHELLS))
    .action((shell: Shell, flags: CommonFlags) =>
      context.run(flags, async ({ output }) => {
        const { completionScript } = await import('../completion-script.js');
        const script = await completionScript(shell, context);
        output.answer({ shell, script }, () => script);
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['source <(sslapi completion bash)', 'in ~/.bashrc; zsh: the same in ~/.zshrc, behind compinit'],
    ['sslapi completion fish > sslapi.fish', 'for ~/.config/fish/completions'],
    ['sslapi completion zsh > _sslapi', "for a folder of zsh's fpath"],
  ]);
}
