import type { Command } from 'commander';
import type { Issued, IssueWish } from '../ca/issue.js';
import type { KeyType } from '../keys/key-type.js';
import type { GeneralName } from '../x509/general-name.js';
import type { Name } from '../x509/name.js';
import { certificateText } from './certificate-text.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import {
  keyTypeOption,
  subjectOption,
  type ValidityFlags,
  validityWish,
  withCommonOptions,
  withExportPasswordOptions,
  withPasswordOptions,
  withValidityOptions,
} from './options.js';
import { newExportPassphrase, newKeyPassphrase } from './passwords.js';

/** Flags of `issue-server` and `issue-client`. */
export interface IssueFlags extends CommonFlags, ValidityFlags {
  readonly san?: readonly GeneralName[];
  readonly email?: readonly GeneralName[];
  readonly subject?: Name;
  readonly keyType?: KeyType;
  readonly as?: string;
  readonly out?: string;
  readonly encryptKey?: boolean;
  readonly keyPasswordFile?: string;
  readonly p12?: boolean;
  readonly exportPasswordFile?: string;
  readonly exportPasswordStdin?: boolean;
  readonly force?: boolean;
}

/** The flags that issuing a server's and a client's certificate have in common. */
export function withIssueOptions(command: Command, defaultDays: number): Command {
  withValidityOptions(command.addOption(subjectOption()).addOption(keyTypeOption()), defaultDays)
    .option('--as <name>', 'keep it under this NAME')
    .option('--out <dir>', 'write the files there instead of issued/NAME')
    .option('--encrypt-key', 'encrypt the private key; servers then need its password')
    .option('--key-password-file <file>', 'read the password for --encrypt-key from this file')
    .option('--p12', 'write a PKCS#12 file beside them: key, certificate and CAs');
  withExportPasswordOptions(command).option(
    '--force',
    'replace a live certificate of that NAME and revoke it',
  );
  return withCommonOptions(withPasswordOptions(command));
}

/** What the flags wish for. */
export async function issueWish(
  commonName: string,
  flags: IssueFlags,
  { terminal }: CommandRun,
): Promise<IssueWish> {
  const names = [...(flags.san ?? []), ...(flags.email ?? [])];
  return {
    commonName,
    ...validityWish(flags),
    ...(names.length > 0 && { subjectAltName: names }),
    ...(flags.subject && { subject: flags.subject }),
    ...(flags.keyType && { keyType: flags.keyType }),
    ...(flags.as !== undefined && { name: flags.as }),
    ...(flags.out !== undefined && { folder: flags.out }),
    ...(flags.encryptKey === true && { encryptKey: await newKeyPassphrase(flags.keyPasswordFile, terminal) }),
    ...(flags.p12 === true && { exportPassword: await newExportPassphrase(flags, terminal) }),
    ...(flags.force === true && { force: true }),
  };
}

/** Tells what was issued, and the next step. */
export function tellIssued({ output }: CommandRun, { certificate, notices }: Issued, next: string): void {
  for (const notice of notices) output.warn(notice);
  output.answer({ certificate }, () => certificateText(certificate));
  if (certificate.files?.p12 !== undefined) output.say(OLD_READERS);
  output.say(`next: ${next}`);
}

/** What macOS and its like say of AES is that the password is wrong. */
const OLD_READERS =
  'macOS, Windows Server 2016 and older, Android up to 12 and Java before 8u301 call the password of a .p12 wrong: for them, `sslapi export NAME --format p12-legacy`';
