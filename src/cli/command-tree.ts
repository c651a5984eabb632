import type { Command, Option } from 'commander';
import type { CommandContext } from './command-context.js';
import { COMMANDS } from './command-list.js';

/** A command as it describes itself: what completions and the manual are made of. */
export interface CommandFacts {
  readonly name: string;
  readonly summary: string;
  readonly operands: ReadonlyArray<{
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
    readonly variadic: boolean;
  }>;
  readonly flags: readonly FlagFacts[];
  readonly examples: ReadonlyArray<{ readonly line: string; readonly meaning: string }>;
}

export interface FlagFacts {
  /** `-y` where there is one. */
  readonly short: string | null;
  /** With its dashes: `--key-type`. */
  readonly long: string;
  /** What its value is called, without brackets: `type`; null for a flag without one. */
  readonly value: string | null;
  readonly description: string;
  readonly choices: readonly string[];
}

/** Every command in full, in the order of `sslapi help`; all of them are loaded for it. */
export function commandTree(context: CommandContext): Promise<CommandFacts[]> {
  return Promise.all(
    COMMANDS.map(async ({ name, summary, load }) => {
      const command = (await load())(context);
      return {
        name,
        summary,
        operands: command.registeredArguments.map((operand) => ({
          name: operand.name(),
          description: operand.description,
          required: operand.required,
          variadic: operand.variadic,
        })),
        flags: [...command.options.map(flagFacts), HELP],
        examples: examplesOf(command),
      };
    }),
  );
}

function flagFacts(option: Option): FlagFacts {
  return {
    short: option.short ?? null,
    long: option.long ?? '',
    value: /[<[](.+?)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1] ?? null,
    description: option.description,
    choices: option.argChoices ?? [],
  };
}

/** Those that `withExamples` put under the help. */
function examplesOf(command: Command): Array<{ line: string; meaning: string }> {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => written.push(text) }).outputHelp();
  const [, examples = ''] = written.join('').split('\nExamples:\n');
  return [...examples.matchAll(/^ {2}\$ (.*?) {3,}(.*)$/gm)].map(([, line, meaning]) => ({
    line: line!,
    meaning: meaning!,
  }));
}

const HELP: FlagFacts = { short: '-h', long: '--help', value: null, description: 'this help', choices: [] };
