import { isLively, type Terminal, type TextStream } from './terminal.js';

/** What a piece of text is; which colour that has is known here only. */
export type Role = 'error' | 'warning' | 'hint' | 'good' | 'bad' | 'strong' | 'faint';

/** Gives a piece of text the colour of its role, or gives it back as it is where there are no colours. */
export type Paint = (role: Role, text: string) => string;

/** Whether that stream gets colours: a terminal, no `--no-color`, and NO_COLOR unset or empty. */
export function wantsColour(stream: TextStream, { env }: Pick<Terminal, 'env'>, noColor = false): boolean {
  return isLively(stream, { env }) && !noColor && !env['NO_COLOR'];
}

/** Text stays as it is. */
export const plain: Paint = (_role, text) => text;

/** The paint in sixteen colours; chalk is loaded at the first call, so that a run without colours never pays for it. */
export async function colourful(): Promise<Paint> {
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const colours = {
    error: chalk.red.bold,
    warning: chalk.yellow,
    hint: chalk.cyan,
    good: chalk.green,
    bad: chalk.red,
    strong: chalk.bold,
    faint: chalk.dim,
  } satisfies Record<Role, unknown>;
  return (role, text) => colours[role](text);
}
