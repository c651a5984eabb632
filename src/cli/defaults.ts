import { readFileSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { SslapiError } from '../errors.js';
import type { CommandContext } from './command-context.js';

/** Fills in what the command line left open: from SSLAPI_<FLAG>, then from sslapi.config.json.
 *  Neither may run commands or weaken anything: some flags count on the command line alone. */
export function applyDefaults(command: Command, { terminal }: Pick<CommandContext, 'terminal'>): void {
  const config = readConfigFile();
  for (const option of command.options) {
    const source = command.getOptionValueSource(option.attributeName());
    if (source !== undefined && source !== 'default') continue;
    const flag = (option.long ?? '').replace(/^--(no-)?/, '');
    const fromEnvironment = terminal.env[`SSLAPI_${flag.toUpperCase().replaceAll('-', '_')}`];
    if (isCommandLineOnly(option)) continue;
    if (fromEnvironment !== undefined) set(command, option, fromEnvironment, 'env');
    else if (config[flag] !== undefined) set(command, option, config[flag], 'config');
  }
}

/** Whether a flag is dangerous in hands that only left a file or a variable behind. */
export function isCommandLineOnly({ long = '' }: Pick<Option, 'long'>): boolean {
  return COMMAND_LINE_ONLY.has(long) || long.startsWith('--password-') || long.startsWith('--root-password-');
}

const COMMAND_LINE_ONLY: ReadonlySet<string> = new Set([
  '--exec',
  '--on-crl',
  '--force',
  '--yes',
  '--no-password',
]);

function set(command: Command, option: Option, value: unknown, source: 'env' | 'config'): void {
  const given = Array.isArray(value) ? value.map(String).join(',') : value;
  if (option.isBoolean()) {
    const on =
      given === true ||
      (typeof given === 'string' && !['', '0', 'false', 'no'].includes(given.toLowerCase()));
    command.setOptionValueWithSource(option.attributeName(), option.negate ? !on : on, source);
    return;
  }
  const text = String(given);
  const parsed: unknown = option.parseArg === undefined ? text : option.parseArg(text, undefined);
  command.setOptionValueWithSource(option.attributeName(), parsed, source);
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
    if (isCommandLineOnly({ long: `--${key}` })) {
      throw new SslapiError('ERR_CONFIG_FILE_FORBIDDEN', `${CONFIG_FILE} sets "${key}"`);
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
