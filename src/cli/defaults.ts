import { readFileSync } from 'node:fs';
import { type Command, CommanderError, type Option } from 'commander';
import { SslapiError } from '../errors.js';
import type { CommandContext } from './command-context.js';
import { nearest } from './nearest.js';

/** Fills in what the command line left open: from SSLAPI_<FLAG>, then from sslapi.config.json.
 *  Neither may run commands or weaken anything: some flags count on the command line alone, and are an error elsewhere.
 *  @throws SslapiError ERR_CONFIG_FILE_FORBIDDEN, ERR_CONFIG_FILE_INVALID, ERR_USAGE and what a flag's own reading throws */
export async function applyDefaults(command: Command, context: CommandContext): Promise<void> {
  const { env } = context.terminal;
  const config = readConfigFile();
  await refuseUnknownKeys(Object.keys(config), command, context);
  const isGiven = (name: string) => !UNSET.has(command.getOptionValueSource(name));
  const typed = new Set(command.options.map((option) => option.attributeName()).filter(isGiven));
  for (const option of command.options) {
    if ([option.attributeName(), ...rivalsOf(option)].some((name) => typed.has(name))) continue;
    const flag = (option.long ?? '').slice(2);
    const variable = `SSLAPI_${flag.toUpperCase().replaceAll('-', '_')}`;
    const fromEnvironment = env[variable];
    if (isCommandLineOnly(option)) refuseVariable(variable, fromEnvironment, flag);
    else if (fromEnvironment !== undefined && fromEnvironment !== '')
      set(command, option, fromEnvironment, 'env', variable);
    else if (config[flag] !== undefined)
      set(command, option, config[flag], 'config', `"${flag}" in ${CONFIG_FILE}`);
  }
}

/** Whether a flag is dangerous in hands that only left a file or a variable behind. */
export function isCommandLineOnly({ long = '' }: Pick<Option, 'long'>): boolean {
  return COMMAND_LINE_ONLY.has(long) || /\bpassword\b/.test(long);
}

/** Whether a file may not set it: a checkout brings that along, variables are set by whoever runs the command. */
function isForbiddenInFile(option: Pick<Option, 'long'>): boolean {
  return isCommandLineOnly(option) || NOT_IN_FILE.has(option.long ?? '');
}

function refuseVariable(variable: string, value: string | undefined, flag: string): void {
  if (value === undefined || value === '') return;
  throw new SslapiError('ERR_CONFIG_FILE_FORBIDDEN', `the variable ${variable} is set`, {
    hint: `--${flag} counts only on the command line; unset ${variable}.`,
  });
}

/** Keys that are a flag of no command would be left out without a word. */
async function refuseUnknownKeys(
  keys: readonly string[],
  { options }: Command,
  context: CommandContext,
): Promise<void> {
  const isOf = (all: readonly Option[]) => (key: string) => all.some(({ long }) => long === `--${key}`);
  if (keys.every(isOf(options))) return; // no other command has to be loaded
  const { flagsOfAll } = await import('./all-flags.js');
  const known = await flagsOfAll(context);
  const unknown = keys.find((key) => !isOf(known)(key));
  if (unknown === undefined) return;
  const flags = known.filter((option) => !isForbiddenInFile(option)).map(({ long }) => (long ?? '').slice(2));
  const meant = nearest(unknown, [...new Set(flags)]);
  throw new SslapiError('ERR_CONFIG_FILE_INVALID', `${CONFIG_FILE}: there is no flag --${unknown}`, {
    hint:
      meant === undefined
        ? 'Its keys are the names of flags: see `sslapi help COMMAND`.'
        : `Did you mean "${meant}"?`,
  });
}

/** Beside these every flag that speaks of a password. */
const COMMAND_LINE_ONLY: ReadonlySet<string> = new Set([
  '--exec',
  '--on-crl',
  '--revoke-live',
  '--force',
  '--yes',
  '--no-crl',
  '--proxy',
  '--baseline',
  '--kit',
  '--bad',
  '--public-listen',
]);
const NOT_IN_FILE: ReadonlySet<string> = new Set(['--access', '--client-auth', '--rate-limit']);
const UNSET: ReadonlySet<string | undefined> = new Set([undefined, 'default']);

/** Flags that say the same in another way: where one is typed, the other counts from nowhere. */
function rivalsOf(option: Option): readonly string[] {
  return (option as Option & { readonly conflictsWith: readonly string[] }).conflictsWith;
}

function set(
  command: Command,
  option: Option,
  value: unknown,
  source: 'env' | 'config',
  where: string,
): void {
  const given = Array.isArray(value) ? value.map(String).join(',') : value;
  if (option.isBoolean() || option.negate) {
    const on = isOn(given);
    command.setOptionValueWithSource(option.attributeName(), option.negate ? !on : on, source);
    return;
  }
  command.setOptionValueWithSource(
    option.attributeName(),
    parsed(option, String(given), where, command.name()),
    source,
  );
}

function isOn(given: unknown): boolean {
  return typeof given === 'string' ? !OFF.has(given.toLowerCase()) : given === true || given === 1;
}

const OFF: ReadonlySet<string> = new Set(['', '0', 'false', 'no', 'off']);

/** Reads a value as on the command line; an error says where it stood. */
function parsed(option: Option, text: string, where: string, command: string): unknown {
  try {
    return option.parseArg === undefined ? text : option.parseArg(text, undefined);
  } catch (error) {
    if (error instanceof SslapiError)
      throw new SslapiError(error.code, `${where}: ${error.message}`, { hint: error.hint, cause: error });
    if (error instanceof CommanderError)
      throw new SslapiError('ERR_USAGE', `${where}: "${text}" is invalid. ${error.message}`, {
        hint: `See \`sslapi help ${command}\`.`,
        cause: error,
      });
    throw error;
  }
}

type ConfigFile = Readonly<Record<string, string | number | boolean | readonly unknown[]>>;

function readConfigFile(): ConfigFile {
  let text: string;
  try {
    text = readFileSync(CONFIG_FILE, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new SslapiError('ERR_CONFIG_FILE_INVALID', `${CONFIG_FILE} cannot be read`, { cause: error });
  }
  const config = parse(text);
  for (const key of Object.keys(config)) {
    if ([`--${key}`, `--no-${key}`].some((long) => isForbiddenInFile({ long }))) {
      throw new SslapiError('ERR_CONFIG_FILE_FORBIDDEN', `${CONFIG_FILE} sets "${key}"`, {
        ...(NOT_IN_FILE.has(`--${key}`) && {
          hint: 'This flag counts only on the command line or as a variable; take it out of there.',
        }),
      });
    }
  }
  return config;
}

function parse(text: string): ConfigFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SslapiError('ERR_CONFIG_FILE_INVALID', `${CONFIG_FILE} is not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SslapiError('ERR_CONFIG_FILE_INVALID', `${CONFIG_FILE} is not an object`);
  }
  const wrong = Object.entries(value).find(([, one]) => typeof one === 'object' && !Array.isArray(one));
  if (wrong !== undefined)
    throw new SslapiError('ERR_CONFIG_FILE_INVALID', `${CONFIG_FILE}: "${wrong[0]}" is no value of a flag`);
  return value as ConfigFile;
}

const CONFIG_FILE = 'sslapi.config.json';
