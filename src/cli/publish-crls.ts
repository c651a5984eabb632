import { EXIT } from '../errors.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import { runHook } from './run-hook.js';
import { tellCrls, tellDue } from './tell-crls.js';
import { refuseOutputInTheWay, writeOutput } from './write-output.js';

/** Flags of `gen-crl`. */
export interface GenCrlFlags extends CommonFlags {
  readonly nextUpdate?: number;
  readonly refresh?: boolean;
  readonly check?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly exec?: string;
}

/** `gen-crl`: makes them, or looks whether it must be done, and reloads the servers where it was. */
export async function publishCrls(run: CommandRun, flags: GenCrlFlags): Promise<void> {
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
