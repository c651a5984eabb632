import { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { parseInstant } from '../parse-duration.js';
import type { PoliciesFlags } from '../policy-answers.js';

/** `policies [NAME]`: what endpoints can be measured against, and how old that is. */
export function policiesCommand(context: CommandContext): Command {
  const command = new Command('policies')
    .argument('[name]', 'modern, intermediate, nist, bcp195, or the FILE of one of your own')
    .option('--check', 'exit 1 where one was not held against its source for a year')
    .option('--at <instant>', 'how old they are then: 2027-03-01T00:00:00Z', parseInstant)
    .option('--schema', 'the JSON Schema of a policy file')
    .action((name: string | undefined, flags: PoliciesFlags) =>
      context.run(flags, async (run) => {
        const answers = await import('../policy-answers.js');
        if (flags.schema === true) answers.printSchema(run);
        else if (name === undefined) answers.listPolicies(run, flags);
        else answers.showPolicy(run, name, flags);
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi policies', 'all of them, and their age'],
    ['sslapi policies intermediate --json > acme.json', 'a file to change, for probe --policy acme.json'],
    ['sslapi policies --check --at 2027-01-01', 'for a pipeline: is one due to be looked at again?'],
  ]);
}
