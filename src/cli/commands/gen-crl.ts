import { Command } from 'commander';
import { EXIT } from '../../errors.js';
import type { CommandContext, CommandRun, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { parseDuration } from '../parse-duration.js';
import { runHook } from '../run-hook.js';
import { tellCrls, tellDue } from '../tell-crls.js';
import { refuseOutputInTheWay, writeOutput } from '../write-output.js';

interface GenCrlFlags extends CommonFlags {
  readonly nextUpdate?: number;
  readonly refresh?: boolean;
  readonly check?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly exec?: string;
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
    .option('--exec <command>', 'run it where a CRL was written, with SSLAPI_CRL and SSLAPI_CRL_CHAIN')
    .action((flags: GenCrlFlags) =>
      context.run(flags, (run) => generateCrls(run, flags), { tellsCrls: true }),
    );
  return withExamples(withCommonOptions(withRootKeyOptions(withPasswordOptions(command))), [
    ['sslapi gen-crl', 'sign it anew, good for 30 days'],
    ['sslapi gen-crl --refresh --quiet', 'for cron: only where it is due'],
    ['sslapi gen-crl --refresh --exec "echo reload"', 'and reload the servers where it was'],
    ['sslapi gen-crl --check', 'for monitoring: exit 1 where it is due'],
  ]);
}

async function generateCrls(run: CommandRun, flags: GenCrlFlags): Promise<void> {
  const { output } = run;
  refuseOutputInTheWay(flags.out, flags.force);
  const ca = await run.openCa();
  if (flags.check === true) return tellDue(run, await ca.crlsDue());
  const outcome = await ca.generateCrls({
    ...(flags.nextUpdate !== undefined && { nextUpdateSeconds: flags.nextUpdate }),
    onlyDue: flags.refresh === true,
  });
  const crls = tellCrls(run, outcome);
  const files = { crl: ca.folder.at('crl.pem'), crlChain: ca.folder.at('crl-chain.pem') };
  if (flags.out !== undefined) writeOutput(flags.out, ca.folder.read('crl.pem') ?? '', flags.force === true);
  output.answer({ crls }, () =>
    crls.length === 0 ? 'no CRL was due\n' : `${files.crl}\n${files.crlChain}\n`,
  );
  if (crls.length === 0) return;
  if (flags.exec === undefined) return output.say('next: reload the servers, which read CRLs only then');
  const env = { SSLAPI_CRL: files.crl, SSLAPI_CRL_CHAIN: files.crlChain };
  if (!(await runHook(run, flags.exec, 'the CRL was written', env))) run.exit(EXIT.couldNot);
}
