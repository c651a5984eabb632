import type { OfflineRootKey } from '../ca/authority-context.js';
import { SslapiError } from '../errors.js';
import { Passphrase } from '../keys/passphrase.js';
import { askPassword } from '../ui/prompt.js';
import { canAsk, type Terminal } from '../ui/terminal.js';
import { readInput, readStandardInput } from './read-input.js';

/** Where passwords come from; never from a flag with the value. */
export interface PasswordFlags {
  readonly passwordFile?: string;
  readonly passwordStdin?: boolean;
  readonly rootKey?: string;
  readonly rootPasswordFile?: string;
}

/** Gets the password of the CA's keys when one is needed: from the file, stdin or environment that was named, else by asking. */
export function caPassphrase(flags: PasswordFlags, terminal: Terminal): () => Promise<Passphrase> {
  let known: Promise<Passphrase> | undefined;
  return () => {
    known ??=
      given(flags, terminal) ?? ask(terminal, 'The password of the CA', '--password-file FILE', false);
    return known;
  };
}

/** The password of a new CA: given, or asked for twice; null where the keys shall stay in clear. */
export async function newCaPassphrase(
  flags: PasswordFlags & { readonly password?: boolean },
  terminal: Terminal,
): Promise<Passphrase | null> {
  if (flags.password === false) {
    const given = flags.passwordFile === undefined ? '--password-stdin' : '--password-file';
    if (flags.passwordFile === undefined && flags.passwordStdin !== true) return null;
    throw new SslapiError('ERR_USAGE', `--no-password and ${given} contradict each other`, {
      hint: 'Give one of them.',
    });
  }
  return (
    (await given(flags, terminal)) ??
    ask(terminal, 'A password for the keys of the CA', '--password-file FILE', true)
  );
}

/** The password of a key that another tool made: from a file, else asked for. */
export function sourcePassphrase(
  passwordFile: string | undefined,
  terminal: Terminal,
): () => Promise<Passphrase> {
  return async () =>
    passwordFile === undefined
      ? ask(terminal, 'The password of the key that is imported', '--source-password-file FILE', false)
      : passwordFrom(passwordFile);
}

/** Where the password that follows another comes from. */
export interface NewPasswordFlags extends PasswordFlags {
  readonly newPasswordFile?: string;
  readonly newPasswordStdin?: boolean;
  readonly password?: boolean;
}

/** The password that the keys of a CA shall have from now on: read, or asked for twice; null for none.
 *  @throws SslapiError ERR_USAGE at once where the flags contradict each other */
export function changedCaPassphrase(
  { newPasswordFile, newPasswordStdin, password, passwordStdin }: NewPasswordFlags,
  terminal: Terminal,
): () => Promise<Passphrase | null> {
  const given = [
    ...(newPasswordFile === undefined ? [] : ['--new-password-file']),
    ...(newPasswordStdin === true ? ['--new-password-stdin'] : []),
    ...(password === false ? ['--no-password'] : []),
  ];
  if (given.length > 1)
    throw new SslapiError('ERR_USAGE', `${given.join(' and ')} contradict each other`, {
      hint: 'Give one of them.',
    });
  if (newPasswordStdin === true && passwordStdin === true)
    throw new SslapiError('ERR_USAGE', '--password-stdin and --new-password-stdin want the same input', {
      hint: 'Give one of them as a file: --password-file FILE or --new-password-file FILE.',
    });
  return async () => {
    if (password === false) return null;
    if (newPasswordFile !== undefined) return passwordFrom(newPasswordFile);
    if (newPasswordStdin === true) return fromStandardInput();
    return ask(terminal, 'The new password of the CA', '--new-password-file FILE', true);
  };
}

/** The key of the root that was brought for this command. */
export function rootKeyOf(
  { rootKey, rootPasswordFile }: PasswordFlags,
  terminal: Terminal,
): OfflineRootKey | null {
  if (rootKey === undefined) return null;
  const key = readInput(rootKey);
  if (rootPasswordFile !== undefined)
    return { key, passphrase: () => Promise.resolve(passwordFrom(rootPasswordFile)) };
  return canAsk(terminal)
    ? {
        key,
        passphrase: () => ask(terminal, 'The password of the root key', '--root-password-file FILE', false),
      }
    : { key };
}

/** The password that shall encrypt a leaf's key: from a file, else asked for twice. */
export async function newKeyPassphrase(
  passwordFile: string | undefined,
  terminal: Terminal,
): Promise<Passphrase> {
  return passwordFile === undefined
    ? ask(terminal, 'A password for the new key', '--key-password-file FILE', true)
    : passwordFrom(passwordFile);
}

/** Where the password of a PKCS#12 file comes from. */
export interface ExportPasswordFlags extends PasswordFlags {
  readonly exportPasswordFile?: string;
  readonly exportPasswordStdin?: boolean;
}

/** The password that shall encrypt a PKCS#12 file: from a file or standard input, else asked for twice; never empty. */
export async function newExportPassphrase(
  { exportPasswordFile, exportPasswordStdin, passwordStdin }: ExportPasswordFlags,
  terminal: Terminal,
): Promise<Passphrase> {
  if (exportPasswordFile !== undefined) return passwordFrom(exportPasswordFile);
  if (exportPasswordStdin !== true)
    return ask(terminal, 'A password for the PKCS#12 file', '--export-password-file FILE', true);
  if (passwordStdin !== true) return fromStandardInput();
  throw new SslapiError('ERR_USAGE', '--password-stdin and --export-password-stdin want the same input', {
    hint: 'Give one of them as a file: --password-file FILE or --export-password-file FILE.',
  });
}

/** The password of a kit: from a file, else asked for. */
export async function kitPassphrase(
  passwordFile: string | undefined,
  terminal: Terminal,
): Promise<Passphrase> {
  return passwordFile === undefined
    ? ask(terminal, 'The password of the kit', '--kit-password-file FILE', false)
    : passwordFrom(passwordFile);
}

/** The password of a leaf's key that was issued with one: from a file, else asked for. */
export function leafKeyPassphrase(
  passwordFile: string | undefined,
  terminal: Terminal,
): () => Promise<Passphrase> {
  return async () =>
    passwordFile === undefined
      ? ask(terminal, 'The password of the key', '--key-password-file FILE', false)
      : passwordFrom(passwordFile);
}

/** Reads a password from the first line of a file. */
export function passwordFrom(path: string): Passphrase {
  return Passphrase.from(Buffer.from(readInput(path)).toString('utf8'));
}

function given(
  { passwordFile, passwordStdin }: PasswordFlags,
  terminal: Terminal,
): Promise<Passphrase> | undefined {
  if (passwordFile !== undefined) return Promise.resolve(passwordFrom(passwordFile));
  if (passwordStdin === true) return Promise.resolve(fromStandardInput());
  const fromEnvironment = terminal.env['SSLAPI_CA_PASSWORD'];
  return fromEnvironment === undefined ? undefined : Promise.resolve(Passphrase.from(fromEnvironment));
}

function fromStandardInput(): Passphrase {
  return Passphrase.from(Buffer.from(readStandardInput()).toString('utf8'));
}

async function ask(terminal: Terminal, message: string, flag: string, confirm: boolean): Promise<Passphrase> {
  if (!canAsk(terminal)) {
    const what = `${message.charAt(0).toLowerCase()}${message.slice(1)} is needed, and nobody can be asked`;
    const others = flag.startsWith('--password')
      ? ', --password-stdin or SSLAPI_CA_PASSWORD'
      : flag.startsWith('--export')
        ? ', --export-password-stdin'
        : flag.startsWith('--new')
          ? ', --new-password-stdin or --no-password'
          : '';
    throw new SslapiError('ERR_PASSWORD_NEEDED', what, {
      hint: `Give ${flag}${others}, or run it on a terminal.`,
    });
  }
  return Passphrase.from(await askPassword(terminal, { message, flag, confirm }));
}
