import { Command, Option } from 'commander';
import { PROFILES } from '../../ca/profiles.js';
import { parseGeneralName } from '../../x509/general-name.js';
import type { CommandContext } from '../command-context.js';
import { type IssueFlags, issueWish, tellIssued, withIssueOptions } from '../issue-leaf.js';
import { sanOption, withExamples } from '../options.js';

/** `issue-client NAME`: a key and a certificate with EKU clientAuth. */
export function issueClientCommand(context: CommandContext): Command {
  const command = new Command('issue-client')
    .argument('<name>', 'who the client is: the CN, and the NAME it is kept under')
    .addOption(sanOption('names in the certificate: DNS, IP, EMAIL or URI'))
    .addOption(
      new Option('--email <address>', 'a mail address in the certificate').argParser((text) => [
        parseGeneralName(`EMAIL:${text}`),
      ]),
    )
    .action((name: string, flags: IssueFlags) =>
      context.run(flags, async (run) => {
        const ca = await run.openCa();
        const wish = await issueWish(name, flags, run);
        const issued = await run.output.during('making the key and certificate', () => ca.issueClient(wish));
        const { cert, privkey } = issued.files;
        tellIssued(
          run,
          issued,
          `curl --cert ${cert} --key ${privkey} --cacert ${ca.folder.at('ca.crt')} https://…`,
        );
      }),
    );
  return withExamples(withIssueOptions(command, PROFILES.client.validityDays), [
    ['sslapi issue-client billing', 'CN=billing, good for 90 days'],
    ['sslapi issue-client alice --email alice@acme.test', 'a person, with a mail address'],
    ['sslapi issue-client api --san spiffe://acme/api --days 30', 'a workload with a SPIFFE identity'],
  ]);
}
