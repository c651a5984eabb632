import { Command } from 'commander';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { readInputIfThere } from '../read-input.js';
import { tellCrls } from '../tell-crls.js';

/** `unrevoke SERIAL`: takes a certificate off hold; no other revocation can be taken back. */
export function unrevokeCommand(context: CommandContext): Command {
  const command = new Command('unrevoke')
    .argument('<certificate>', 'its serial number, NAME or file')
    .action((reference: string, flags: CommonFlags) =>
      context.run(flags, async (run) => {
        const ca = await run.openCa();
        const found = await ca.find(reference, readInputIfThere(reference));
        const { certificate, crls } = await ca.unrevoke(found);
        run.output.answer(
          { certificate, crls: tellCrls(run, crls) },
          () => `${certificate.name} (serial ${certificate.serialNumber}) is ${certificate.status} again\n`,
        );
        run.output.say('next: reload the servers, which read CRLs only then');
      }),
    );
  return withExamples(withCommonOptions(withRootKeyOptions(withPasswordOptions(command))), [
    ['sslapi unrevoke 5e:2b:08', 'what was revoked with --reason certificateHold is good again'],
    ['sslapi unrevoke tablet --quiet', 'by its NAME'],
  ]);
}
