import type { RenderedFile } from './render.js';

/** How a deployed file differs from what would be written today. */
export interface FileComparison {
  readonly name: string;
  /** Where it was read. */
  readonly path: string;
  /** `comments`: the server does the same, for only comments, blank lines and white space differ; `missing`: it is not there. */
  readonly state: 'same' | 'comments' | 'drift' | 'missing';
  /** From the deployed text to today's, as `diff -u` has it; empty where both are the same. Ends of lines and white space before
   *  them count for nothing. */
  readonly diff: string;
  /** Lines that go and lines that come. */
  readonly removed: number;
  readonly added: number;
}

/** A file as it was found; null where it was not. */
export interface DeployedFile {
  readonly path: string;
  readonly text: string | null;
}

/** Compares a deployed file with what would be written today. */
export async function compareFile(
  { name, text: wanted }: RenderedFile,
  { path, text: found }: DeployedFile,
): Promise<FileComparison> {
  const [old, today] = [trimmed(found ?? ''), trimmed(wanted)];
  if (found !== null && old === today) return { name, path, state: 'same', diff: '', removed: 0, added: 0 };
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const diff = createTwoFilesPatch(path, path, old, today, 'deployed', 'as of today', {
    headerOptions: FILE_HEADERS_ONLY,
    context: 3,
  });
  const body = diff.split('\n').slice(2);
  return {
    name,
    path,
    state: found === null ? 'missing' : says(name, old) === says(name, today) ? 'comments' : 'drift',
    diff,
    removed: body.filter((line) => line.startsWith('-')).length,
    added: body.filter((line) => line.startsWith('+')).length,
  };
}

/** The same for people: without white space at the ends of lines, with one line break at the end. */
function trimmed(text: string): string {
  const lines = text.replaceAll(/[ \t\r]+$/gm, '').trimEnd();
  return lines === '' ? '' : `${lines}\n`;
}

/** What a server reads of it: no blank lines, no lines that are comments. What stands behind a directive counts, for where a
 *  string ends is different in each syntax; so does what a line begins with, where that means something. */
function says(name: string, text: string): string {
  const isProgram = /\.(?:mjs|go|java)$/.test(name);
  const reachesFurther = /\.java$/.test(name) ? IN_JAVA : /\.conf$/.test(name) ? IN_DIRECTIVES : ANYWHERE;
  const isYaml = /\.ya?ml$/.test(name);
  const lines = (isProgram ? withoutBlockComments(text, reachesFurther) : text).split('\n');
  const comment = isProgram ? /^\s*\/\// : /^\s*#/;
  return lines
    .filter((line) => line.trim() !== '' && (!comment.test(line) || reachesFurther.test(line)))
    .map((line) => (isYaml ? line : line.trim()))
    .join('\n');
}

/** Without comments that begin and end with a line of their own. */
function withoutBlockComments(text: string, reachesFurther: RegExp): string {
  return text.replaceAll(/^[ \t]*\/\*(?:[^*]|\*(?!\/))*\*\/[ \t]*$/gm, (comment) =>
    reachesFurther.test(comment) ? comment : '',
  );
}

/** What makes more of a comment, or less, than its line: ends of lines that we do not part lines by. */
const ANYWHERE = /[\r\u0085\u2028\u2029]/;
/** Apache and pg_hba.conf join the next line to it, which so does nothing any more. */
const IN_DIRECTIVES = new RegExp(`\\\\$|${ANYWHERE.source}`);
/** Java reads an escape before it looks for comments. */
const IN_JAVA = new RegExp(`\\\\u|${ANYWHERE.source}`);
