import type { Exported } from '../ca/export-certificate.js';
import { type ExportFormatName, exportFormatOf } from '../ca/export-format.js';
import { SslapiError } from '../errors.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import type { ExportPasswordFlags } from './passwords.js';
import { writeOutput } from './write-output.js';

/** Flags of `export`. */
export interface ExportFlags extends CommonFlags, ExportPasswordFlags {
  readonly format: ExportFormatName;
  readonly out: string;
  readonly indexTxt?: string;
  readonly keyPasswordFile?: string;
  readonly force?: boolean;
}

/** What is no text would leave a terminal in a state that nobody can read. @throws SslapiError ERR_USAGE */
export function refuseExportToTerminal(
  { format, out, json }: ExportFlags,
  { terminal }: Pick<CommandRun, 'terminal'>,
): void {
  if (out !== '-' || json === true || terminal.stdout.isTTY !== true || !exportFormatOf(format).binary)
    return;
  throw new SslapiError('ERR_USAGE', `${format} is no text, and standard output is a terminal`, {
    hint: 'Name a file with --out FILE.',
  });
}

/** Writes what was exported to where it shall go, and tells what to know of it. */
export function tellExported(
  { certificate, content, notices }: Exported,
  { format, out, force }: ExportFlags,
  { output }: Pick<CommandRun, 'output'>,
): void {
  const { binary, secret } = exportFormatOf(format);
  for (const notice of notices) output.warn(notice);
  if (out !== '-') writeOutput(out, content, force === true, secret ? 0o600 : 0o644);
  const { name, serialNumber } = certificate;
  const encoding = binary ? 'base64' : 'utf8';
  const inside = out === '-' ? { encoding, content: Buffer.from(content).toString(encoding) } : { file: out };
  if (output.flags.json === true)
    output.answer({ export: { name, serialNumber, format, ...inside } }, () => '');
  else if (out !== '-') output.data(`${out}\n`);
  else if (typeof content === 'string') output.data(content);
  else output.octets(content);
  const advice = ADVICE[format];
  if (advice !== undefined) output.say(advice);
}

const ADVICE: Partial<Readonly<Record<ExportFormatName, string>>> = {
  p12: 'macOS, Windows Server 2016 and older, Android up to 12 and Java before 8u301 call its password wrong, because they do not know AES there: for them, --format p12-legacy',
  'p12-legacy':
    'its encryption, 3DES and SHA-1, is of old: give it a long password, and use it only where p12 does not open',
  mobileconfig: 'the device asks for the password of the identity when it installs the profile',
};
