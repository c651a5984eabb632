import { Argument, Command, Option } from 'commander';
import { TRUST_STORE_KINDS, type TrustStoreKind } from '../../host/trust-stores/trust-store.js';
import type { CommandContext } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { parseStoreKinds } from '../parse-store-kinds.js';
import { TRUST_ACTIONS, type TrustAction, type TrustFlags } from '../trust-answers.js';

/** `trust install|uninstall|status`: whether the programs of this machine trust the root of the CA. */
export function trustCommand(context: CommandContext): Command {
  const command = new Command('trust')
    .addArgument(new Argument('[action]', 'what to do').choices(TRUST_ACTIONS).default('status'))
    .argument('[file]', "the root's certificate, where the CA is elsewhere (default: ca.crt in --pki)")
    .addOption(
      new Option(
        '--store <kinds>',
        `one of ${TRUST_STORE_KINDS.join(', ')}, or several (default: all there are)`,
      ).argParser((text, previous: readonly TrustStoreKind[] | undefined) => parseStoreKinds(text, previous)),
    )
    .option('-y, --yes', 'do it without asking')
    .action((action: TrustAction, file: string | undefined, flags: TrustFlags) =>
      context.run(flags, async (run) => {
        const { changeTrust, tellTrust } = await import('../trust-answers.js');
        if (action === 'status') await tellTrust(run, file, flags);
        else await changeTrust(run, action, file, flags);
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi trust status', 'exit 1 where a store does not trust it'],
    ['sslapi trust install', 'says what it will do, then asks'],
    ['sslapi trust install --store nss', "the browsers' stores of this user, which need no root"],
    ['sslapi trust install ca.crt --yes', 'on a machine that has the certificate of the root and no CA'],
    ['sslapi trust uninstall --yes', 'takes out what install brought, nothing else'],
  ]);
}
