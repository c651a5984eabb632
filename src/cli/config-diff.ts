import { readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { commandLine, recordedWords } from '../config/command-line.js';
import { compareFile, type FileComparison } from '../config/compare-config.js';
import { type RenderedFile, renderFiles } from '../config/render.js';
import { findTarget } from '../config/targets.js';
import { EXIT, SslapiError } from '../errors.js';
import type { CommandRun } from './command-context.js';
import { type ConfigFlags, requestOf, warnOfNameless, warnOfRevocation } from './config-answers.js';
import { withConfigurationOptions } from './config-options.js';
import { readInput } from './read-input.js';

/** `config TARGET --diff FILE`: what a deployed configuration has that today's would not, and the other way round; exit 1 where
 *  the server would do something else. What the file was made with stands in its head; flags that are given win.
 *  @param given the names of flags that were given by whatever way */
export async function compareConfiguration(
  run: CommandRun,
  name: string | undefined,
  flags: ConfigFlags,
  given: ReadonlySet<string>,
): Promise<void> {
  const { output } = run;
  const place = flags.diff!;
  refuseBeside(flags);
  const deployed = read(place);
  const recorded = recordedFlags([...deployed.texts.values()], name, run);
  const wanted = { ...flags, ...Object.fromEntries(recorded.flags.filter(([flag]) => !given.has(flag))) };
  const request = await requestOf(run, recorded.target, wanted);
  const runtimeFolder = resolve(deployed.isFolder ? place : dirname(place));
  const files = chosen(renderFiles({ ...request, runtimeFolder }), place, deployed.isFolder);
  const compared = await Promise.all(
    files.map((file) => {
      const path = deployed.isFolder ? join(place, file.name) : place;
      return compareFile(file, { path, text: deployed.texts.get(path) ?? null });
    }),
  );
  const foreign = files.flatMap((file, at) => {
    const { path } = compared[at]!;
    return isForeign(deployed.texts.get(path), file) ? [path] : [];
  });

  const drift = compared.some(({ state }) => state === 'drift' || state === 'missing');
  const diff = compared.map((one) => one.diff).join('');
  output.answer(
    { target: request.target, drift, diff, files: compared.map(({ diff: _text, ...one }) => one) },
    () => diff,
  );
  for (const path of foreign) output.say(`${path}: was not written by sslapi, or its head is gone`);
  for (const one of compared) output.say(verdictOn(one));
  warnOfRevocation(run, request);
  warnOfNameless(run, request);
  if (!drift) return;
  run.exit(EXIT.no);
  if (foreign.length > 0)
    return void output.say(`next: \`${commandLine(request)}\` prints what would be written`);
  const { reloadCommand, files: several } = findTarget(request.target);
  const isOneOfSeveral = !deployed.isFolder && (several?.(request).length ?? 1) > 1;
  const out = isOneOfSeveral ? dirname(place) : place;
  output.say(`next: ${commandLine(request)} --out ${out} --force, then ${reloadCommand ?? 'start it anew'}`);
}

function refuseBeside(flags: ConfigFlags): void {
  for (const flag of ['out', 'check', 'force', 'exec'] as const)
    if (flags[flag] !== undefined)
      throw new SslapiError('ERR_USAGE', `--diff only compares: it goes with no --${flag}`, {
        hint: 'See `sslapi help config`.',
      });
}

interface Deployed {
  readonly isFolder: boolean;
  /** By path, as it would be joined from what was given. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A file, or the files of a folder that may be part of a configuration.
 *  @throws SslapiError ERR_INPUT_UNREADABLE, ERR_INPUT_TOO_LARGE */
function read(place: string): Deployed {
  const names = namesIn(place);
  const paths = names?.filter((name) => FILES.test(name)).map((name) => join(place, name)) ?? [place];
  return {
    isFolder: names !== null,
    texts: new Map(paths.map((path) => [path, Buffer.from(readInput(path, LIMIT)).toString('utf8')])),
  };
}

/** The names of what lies in a folder; null where it is none. */
function namesIn(place: string): readonly string[] | null {
  try {
    return readdirSync(place);
  } catch {
    return null;
  }
}

/** What the head of a deployed file says of the flags that it was made with, as far as it says anything. */
function recordedFlags(
  texts: readonly string[],
  name: string | undefined,
  { output }: Pick<CommandRun, 'output'>,
): { readonly target: string | undefined; readonly flags: ReadonlyArray<[string, unknown]> } {
  const [target, ...words] = texts.map(recordedWords).find((found) => found !== null) ?? [];
  if (target === undefined) return { target: name, flags: [] };
  if (name !== undefined && target !== name)
    throw new SslapiError('ERR_USAGE', `that was written for ${target}, not for ${name}`, {
      hint: `Compare it with \`sslapi config ${target} --diff FILE\`.`,
    });
  const command = withConfigurationOptions(new Command()).exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  try {
    command.parse(words, { from: 'user' });
  } catch {
    output.warn('the flags in the head of that file cannot be read: only those given here count');
    return { target, flags: [] };
  }
  return {
    target,
    flags: Object.entries(command.opts()).filter(([flag]) => command.getOptionValueSource(flag) === 'cli'),
  };
}

/** Whether what is deployed lacks the head that this file has: somebody else's, which nobody should be told to overwrite. */
function isForeign(deployed: string | undefined, { text }: RenderedFile): boolean {
  return deployed !== undefined && recordedWords(deployed) === null && recordedWords(text) !== null;
}

/** The files to compare: all of a folder, or the one that has the name of the file given. */
function chosen(
  files: readonly [RenderedFile, ...RenderedFile[]],
  place: string,
  isFolder: boolean,
): readonly RenderedFile[] {
  if (isFolder && files.length > 1) return files;
  if (isFolder)
    throw new SslapiError('ERR_INPUT_UNREADABLE', `${place} is a folder`, {
      hint: 'This target has a single file: name it.',
    });
  if (files.length === 1) return files;
  const same = files.find(({ name }) => name === basename(place));
  if (same !== undefined) return [same];
  throw new SslapiError(
    'ERR_USAGE',
    `${basename(place)} is none of ${files.map(({ name }) => name).join(', ')}`,
    {
      hint: 'Name one of them, or the folder that they lie in.',
    },
  );
}

function verdictOn({ path, state, removed, added }: FileComparison): string {
  switch (state) {
    case 'same':
      return `${path}: as it would be written today`;
    case 'comments':
      return `${path}: only comments, blank lines or white space differ; the server does the same`;
    case 'missing':
      return `${path}: is not there`;
    case 'drift':
      return `${path}: differs from what today's policy gives: ${removed} of its lines would go, ${added} come`;
  }
}

/** Configurations are smaller; more than this is something else. */
const LIMIT = 256 * 1024;
const FILES = /\.(?:conf|ya?ml|mjs|go|java)$/;
