import { Command } from 'commander';
import { PROFILES } from '../../ca/profiles.js';
import type { CommandContext } from '../command-context.js';
import { type IssueFlags, issueWish, tellIssued, withIssueOptions } from '../issue-leaf.js';
import { sanOption, withExamples } from '../options.js';
import { parseServerName } from '../server-name.js';

/** `issue-server NAME`: a key and a certificate with EKU serverAuth. */
export function issueServerCommand(context: CommandContext): Command {
  const command = new Command('issue-server')
    .argument('<name>', "the server's DNS name or address", parseServerName)
    .addOption(
      sanOption('names that clients call it by (default: NAME); as often as wished, or a comma list'),
    )
    .action((name: string, flags: IssueFlags) =>
      context.run(flags, async (run) => {
        const ca = await run.openCa();
        const wish = await issueWish(name, flags, run);
        const issued = await run.output.during('making the key and certificate', () => ca.issueServer(wish));
        tellIssued(run, issued, `sslapi config nginx --server ${issued.certificate.name}`);
      }),
    );
  return withExamples(withIssueOptions(command, PROFILES.server.validityDays), [
    ['sslapi issue-server api.test', 'for https://api.test'],
    ['sslapi issue-server api.test --san api.test,10.0.0.7', 'for its address too'],
    ["sslapi issue-server '*.api.test' --key-type rsa-3072", 'a wildcard, with an RSA key'],
  ]);
}
