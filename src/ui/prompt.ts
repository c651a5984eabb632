import { SslapiError } from '../errors.js';
import { printableLine } from './printable.js';
import { canAsk, type Terminal } from './terminal.js';

/** What every question has. */
export interface Question {
  /** The question as a person reads it. */
  readonly message: string;
  /** The flag that answers it where nobody can be asked: `--name NAME`. */
  readonly flag: string;
}

/** A question whose answer is checked: `true`, or what is wrong with it. */
export interface CheckedQuestion extends Question {
  readonly validate?: (answer: string) => true | string;
}

/** One of the answers to choose from. */
export interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

/** Asks for a line of text; Enter gives the default. */
export async function askText(
  terminal: Terminal,
  { message, flag, validate, default: preset }: CheckedQuestion & { readonly default?: string },
): Promise<string> {
  return ask(terminal, { message, flag }, { type: 'input', ...present({ validate, default: preset }) });
}

/** Asks for a password without showing it; with `confirm`, twice, until both are the same. */
export async function askPassword(
  terminal: Terminal,
  question: CheckedQuestion & { readonly confirm?: boolean },
): Promise<string> {
  const { validate = isNotEmpty, confirm } = question;
  const password = await ask<string>(terminal, question, {
    type: 'password',
    mask: false,
    toggleMask: false,
    validate,
  });
  if (!confirm) return password;
  const again = { ...question, message: 'The same again' };
  const isSame = (answer: string) => answer === password || 'Not the same as before.';
  return ask(terminal, again, { type: 'password', mask: false, toggleMask: false, validate: isSame });
}

/** Asks for yes or no; Enter means no, if the question does not say otherwise. */
export async function askConfirm(
  terminal: Terminal,
  question: Question & { readonly default?: boolean },
): Promise<boolean> {
  return ask(terminal, question, { type: 'confirm', default: question.default ?? false });
}

/** Asks which of several; Enter takes the first, or the one marked as the default. */
export async function askChoice<T>(
  terminal: Terminal,
  question: Question & { readonly choices: readonly Choice<T>[]; readonly default?: T },
): Promise<T> {
  const choices = question.choices.map(({ value, label }) => ({ value, name: printableLine(label) }));
  return ask(terminal, question, { type: 'select', choices, ...present({ default: question.default }) });
}

async function ask<T>(terminal: Terminal, { message, flag }: Question, details: object): Promise<T> {
  if (!canAsk(terminal)) throw answerNeeded(message, flag);
  const { createPromptModule } = await import('inquirer');
  const prompt = createPromptModule(streamsOf(terminal));
  try {
    const question = { name: 'answer', message: printableLine(message), ...details };
    const { answer } = await (prompt as AskOne)([question]);
    return answer as T;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw interrupted(error);
    throw error;
  }
}

function answerNeeded(message: string, flag: string): SslapiError {
  return new SslapiError(
    'ERR_ANSWER_NEEDED',
    `"${message}" has no answer, and there is no terminal to ask on`,
    {
      hint: `Give it with ${flag}.`,
    },
  );
}

function interrupted(cause: Error): SslapiError {
  return new SslapiError('ERR_INTERRUPTED', 'interrupted at a question', { cause });
}

function streamsOf({ stdin, stderr }: Terminal): { input: NodeJS.ReadStream; output: NodeJS.WriteStream } {
  return { input: stdin as NodeJS.ReadStream, output: stderr as NodeJS.WriteStream };
}

function isNotEmpty(answer: string): true | string {
  return answer !== '' || 'Empty is no password.';
}

/** Without what is undefined: an absent option is not one that is undefined. */
function present(options: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** inquirer types its questions by their literals; ours are of one shape. */
type AskOne = (questions: object[]) => Promise<{ answer: unknown }>;
