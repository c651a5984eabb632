import { Command } from 'commander';
import { SslapiError } from '../../errors.js';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { changedCaPassphrase, type NewPasswordFlags } from '../passwords.js';

interface RekeyFlags extends CommonFlags, NewPasswordFlags {}

/** `rekey-password`: another password for the keys of the CA, a first one, or none. */
export function rekeyPasswordCommand(context: CommandContext): Command {
  const command = new Command('rekey-password')
    .option('--new-password-file <file>', 'read the new password from this file')
    .option('--new-password-stdin', 'read the new password from standard input')
    .option('--no-password', 'leave the keys in clear from now on')
    .action((flags: RekeyFlags) =>
      context.run(flags, async ({ output, terminal, openCa }) => {
        if (flags.rootKey === '-')
          throw new SslapiError(
            'ERR_USAGE',
            '--root-key names the file that is written anew, not standard input',
          );
        const newPassphrase = changedCaPassphrase(flags, terminal);
        const ca = await openCa();
        const keys = await ca.rekeyPassword({
          newPassphrase,
          ...(flags.rootKey !== undefined && { rootKeyFile: flags.rootKey }),
        });
        output.answer({ keys }, () =>
          keys.map(({ role, path }) => `${`${role}:`.padEnd(9)}${path}\n`).join(''),
        );
        const encrypted = keys.some((key) => key.encrypted);
        if (!encrypted) output.warn('the keys of the CA are not encrypted: guard private/ well');
        if (ca.root !== null && keys.every(({ role }) => role !== 'root'))
          output.say("the root's key is elsewhere and was left as it is: --root-key FILE changes that one");
        output.say(
          encrypted ? 'next: change it wherever scripts read it, and in the backup' : 'next: sslapi list',
        );
      }),
    );
  return withExamples(withCommonOptions(withRootKeyOptions(withPasswordOptions(command))), [
    ['sslapi rekey-password --new-password-file new.pass', 'asks for the old one'],
    ['sslapi rekey-password --no-password', 'from now on in clear'],
    [
      'sslapi rekey-password --root-key usb/root.key --new-password-file new.pass',
      "of the root's key, kept elsewhere",
    ],
  ]);
}
