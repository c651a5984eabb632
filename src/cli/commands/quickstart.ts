import { Command } from 'commander';
import { EXIT } from '../../errors.js';
import { type QuickstartOutcome, quickstart } from '../../loop/quickstart.js';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { curlCommand, shellWord } from '../suggest-call.js';

/** `quickstart`: the whole loop, each step in a line. */
export function quickstartCommand(context: CommandContext): Command {
  const command = new Command('quickstart').action((flags: CommonFlags) =>
    context.run(flags, async ({ output, exit }) => {
      const { pki = './pki' } = flags;
      const outcome = await quickstart({
        pki,
        onStep: ({ ok, text }) => {
          const { paint } = output;
          if (flags.json !== true)
            output.data(`${ok ? paint('good', 'ok') : paint('bad', 'FAILED')}  ${text}\n`);
        },
      });
      const next = nextCommands(outcome);
      output.answer({ ...outcome, next }, () =>
        ['', 'What next, with these very files:', ...next.map((line) => `  ${line}`), ''].join('\n'),
      );
      if (!outcome.ok) exit(EXIT.no);
    }),
  );
  return withExamples(withCommonOptions(command), [
    ['sslapi quickstart', 'a CA to throw away in ./pki, and all that it is good for'],
    ['sslapi quickstart --pki /tmp/try', 'somewhere else'],
  ]);
}

function nextCommands({
  folder,
  caCertificate,
  client: { fullchain, privkey },
}: QuickstartOutcome): string[] {
  const pki = `--pki ${shellWord(folder)}`;
  return [
    `sslapi serve ${pki}`,
    curlCommand(caCertificate, { fullchain, privkey: privkey ?? '' }, 'https://localhost:8443/whoami'),
    `sslapi probe localhost:8443 --prove-mtls --path /whoami ${pki}`,
    `sslapi config nginx --server localhost ${pki}`,
  ];
}
