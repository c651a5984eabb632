import { type Command, Option } from 'commander';
import type { ValidityWish } from '../ca/validity-period.js';
import { SslapiError } from '../errors.js';
import { parseKeyType } from '../keys/key-type.js';
import { type GeneralName, parseGeneralName } from '../x509/general-name.js';
import { type Name, parseName } from '../x509/name.js';
import { type DurationOrInstant, parseDays, parseDurationOrInstant } from './parse-duration.js';

/** What every command takes. */
export function withCommonOptions(command: Command): Command {
  return command
    .addOption(new Option('--pki <dir>', 'where the CA lives').argParser(parseFolder).default('./pki'))
    .option('--json', 'one JSON document on stdout')
    .option('-q, --quiet', 'only warnings and errors on stderr')
    .option('-v, --verbose', 'details on stderr')
    .option('--no-color', 'no colours');
}

/** Where the password of the CA's keys comes from. */
export function withPasswordOptions(command: Command): Command {
  return command
    .option('--password-file <file>', 'read the password of the CA from this file')
    .option('--password-stdin', 'read the password of the CA from standard input');
}

/** Where the password of a PKCS#12 file that is written comes from. */
export function withExportPasswordOptions(command: Command): Command {
  return command
    .option('--export-password-file <file>', 'read the password of the PKCS#12 file from this file')
    .option('--export-password-stdin', 'read the password of the PKCS#12 file from standard input');
}

/** The key of an offline root, brought for one command. */
export function withRootKeyOptions(command: Command): Command {
  return command
    .option('--root-key <file>', 'the key of the root, where it is kept elsewhere')
    .option('--root-password-file <file>', 'read the password of that key from this file');
}

/** How long a certificate is valid. */
export function withValidityOptions(command: Command, defaultDays: number | string): Command {
  return command
    .addOption(
      new Option('--days <n>', `how many days it is valid (default: ${defaultDays})`)
        .argParser(parseDays)
        .conflicts('notAfter'),
    )
    .option('--not-before <instant>', 'from when on (default: five minutes ago)', parseDurationOrInstant)
    .addOption(
      new Option('--not-after <instant>', 'until when: an instant, or a duration like 12h or 90d')
        .argParser(parseDurationOrInstant)
        .conflicts('days'),
    );
}

export interface ValidityFlags {
  readonly days?: number;
  readonly notBefore?: DurationOrInstant;
  readonly notAfter?: DurationOrInstant;
}

/** The flags of a validity as the CA takes them. */
export function validityWish({ days, notBefore, notAfter }: ValidityFlags, now = new Date()): ValidityWish {
  const from = notBefore && momentOf(notBefore, now);
  return {
    ...(days !== undefined && { validityDays: days }),
    ...(from && { notBefore: from }),
    ...(notAfter && { notAfter: momentOf(notAfter, from ?? now) }),
  };
}

export function keyTypeOption(): Option {
  return new Option(
    '--key-type <type>',
    'ec-p256, ec-p384, rsa-2048, rsa-3072, rsa-4096 or ed25519 (default: ec-p256)',
  ).argParser(parseKeyType);
}

export function subjectOption(): Option {
  return new Option('--subject <dn>', 'the whole subject: "CN=api.test,O=Acme,C=DE"').argParser(parseSubject);
}

function parseSubject(text: string): Name {
  const name = parseName(text);
  if (name.rdns.length > 0) return name;
  throw new SslapiError('ERR_SUBJECT_INVALID', 'the subject is empty');
}

/** `--san`, as often as wished, each with one name or a comma list. */
export function sanOption(meaning: string): Option {
  return new Option('--san <names>', meaning).argParser(collectNames);
}

export function collectNames(
  text: string,
  previous: readonly GeneralName[] | undefined,
): readonly GeneralName[] {
  return [...(previous ?? []), ...text.split(',').map((one) => parseGeneralName(one))];
}

/** Puts examples under a command's help. */
export function withExamples(
  command: Command,
  examples: ReadonlyArray<readonly [line: string, meaning: string]>,
): Command {
  const width = Math.max(...examples.map(([line]) => line.length)) + 3;
  const lines = examples.map(([line, meaning]) => `  $ ${line.padEnd(width)}${meaning}`);
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}

/** An empty path is what a script's unset variable leaves; it does not mean the working folder. */
function parseFolder(text: string): string {
  if (text !== '') return text;
  throw new SslapiError('ERR_USAGE', 'the folder given with --pki is empty', {
    hint: 'Name the folder: --pki ./pki.',
  });
}

function momentOf(wish: DurationOrInstant, from: Date): Date {
  return 'instant' in wish ? wish.instant : new Date(from.getTime() + wish.seconds * 1000);
}
