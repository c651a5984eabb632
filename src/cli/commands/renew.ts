import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import {
  keyTypeOption,
  withCommonOptions,
  withExamples,
  withExportPasswordOptions,
  withPasswordOptions,
} from '../options.js';
import { parseDuration } from '../parse-duration.js';
import { type RenewFlags, renewAllDue, renewOne } from '../renew-certificates.js';

/** `renew NAME`, `renew --due`: the same certificate anew, before it ends. */
export function renewCommand(context: CommandContext): Command {
  const command = new Command('renew')
    .argument('[name]', 'NAME or serial number; of a NAME its newest certificate')
    .option('--due', 'all that is due: a third of the lifetime is left')
    .option('--within <duration>', 'with --due: what ends within this time', parseDuration)
    .option('--rekey', 'with a new key, of the same type')
    .addOption(keyTypeOption().implies({ rekey: true }))
    .option('--revoke-old', 'revoke the old one (superseded); otherwise it stays valid until it ends')
    .option('--exec <command>', 'run it after a change, with SSLAPI_NAME, _CERT, _KEY, _CHAIN and _FULLCHAIN')
    .option('--key-password-file <file>', 'read the password of the key from this file, where it has one')
    .option('--p12', 'write a PKCS#12 file beside them: key, certificate and CAs')
    .action((name: string | undefined, flags: RenewFlags) =>
      context.run(flags, (run) =>
        flags.due === true ? renewAllDue(run, name, flags) : renewOne(run, name, flags),
      ),
    );
  return withExamples(withCommonOptions(withPasswordOptions(withExportPasswordOptions(command))), [
    ['sslapi renew api.test', 'the same key, subject, names and lifetime'],
    ['sslapi renew billing --rekey --revoke-old', 'a new key, and the old certificate is no longer good'],
    ['sslapi renew --due --quiet --exec "echo reload"', 'for cron: all that is due, and reload after each'],
  ]);
}
