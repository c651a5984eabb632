import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { parseDuration } from '../parse-duration.js';
import { type GenCrlFlags, publishCrls } from '../publish-crls.js';

/** `gen-crl`: new CRLs, before the old ones run out and lock everybody out. */
export function genCrlCommand(context: CommandContext): Command {
  const command = new Command('gen-crl')
    .option(
      '--next-update <duration>',
      'how long the new CRL is good (default: what init-ca was told, 30d)',
      parseDuration,
    )
    .option('--refresh', 'only where less than a fifth of its life is left')
    .option('--check', 'write nothing; exit 1 where a CRL is due')
    .option('--out <file>', "a copy of the issuing CA's CRL, PEM")
    .option('--force', 'overwrite that file')
    .option('--exec <command>', 'run it where a CRL was written, with SSLAPI_CRL and SSLAPI_CRL_CHAIN')
    .action((flags: GenCrlFlags) =>
      context.run(flags, (run) => publishCrls(run, flags), { tellsCrls: true }),
    );
  return withExamples(withCommonOptions(withRootKeyOptions(withPasswordOptions(command))), [
    ['sslapi gen-crl', 'sign it anew, good for 30 days'],
    ['sslapi gen-crl --refresh --quiet', 'for cron: only where it is due'],
    ['sslapi gen-crl --refresh --exec "echo reload"', 'and reload the servers where it was'],
    ['sslapi gen-crl --check', 'for monitoring: exit 1 where it is due'],
  ]);
}
