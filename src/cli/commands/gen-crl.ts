import { Command } from 'commander';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { parseDuration } from '../parse-duration.js';
import { tellCrls, tellDue } from '../tell-crls.js';
import { refuseOutputInTheWay, writeOutput } from '../write-output.js';

interface GenCrlFlags extends CommonFlags {
  readonly nextUpdate?: number;
  readonly refresh?: boolean;
  readonly check?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}

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
    .action((flags: GenCrlFlags) =>
      context.run(flags, async (run) => {
        const { output } = run;
        refuseOutputInTheWay(flags.out, flags.force);
        const ca = await run.openCa();
        if (flags.check === true) return tellDue(run, await ca.crlsDue());
        const outcome = await ca.generateCrls({
          ...(flags.nextUpdate !== undefined && { nextUpdateSeconds: flags.nextUpdate }),
          onlyDue: flags.refresh === true,
        });
        const crls = tellCrls(run, outcome);
        if (flags.out !== undefined)
          writeOutput(flags.out, ca.folder.read('crl.pem') ?? '', flags.force === true);
        output.answer({ crls }, () =>
          crls.length === 0
            ? 'no CRL was due\n'
            : `${ca.folder.at('crl.pem')}\n${ca.folder.at('crl-chain.pem')}\n`,
        );
        if (crls.length > 0) output.say('next: reload the servers, which read CRLs only then');
      }),
    );
  return withExamples(withCommonOptions(withRootKeyOptions(withPasswordOptions(command))), [
    ['sslapi gen-crl', 'sign it anew, good for 30 days'],
    ['sslapi gen-crl --refresh --quiet', 'for cron: only where it is due'],
    ['sslapi gen-crl --check', 'for monitoring: exit 1 where it is due'],
  ]);
}
