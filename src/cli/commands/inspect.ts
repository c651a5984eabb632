import { Command, Option } from 'commander';
import { EXIT } from '../../errors.js';
import { SEVERITIES, type Severity } from '../../lint/lint.js';
import type { CommandContext, CommandRun, CommonFlags } from '../command-context.js';
import type { EndpointFlags } from '../inspect-server.js';
import { withCommonOptions, withExamples } from '../options.js';
import { parseStarttls } from '../probe-targets.js';

/** `inspect`: what a file or a server's chain is and says, and what a careful reviewer would say to it. */
export function inspectCommand(context: CommandContext): Command {
  const command = withCommonOptions(new Command('inspect'))
    .argument('<what>', 'FILE, - (standard input), NAME, SERIAL or HOST:PORT')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 where a finding weighs as much').choices(SEVERITIES),
    )
    .option('--password-file <file>', 'read the password of the key or PKCS#12 file from this file')
    .option('--servername <name>', 'of HOST:PORT: what the server is called (default: HOST)')
    .addOption(
      new Option('--starttls <protocol>', 'of HOST:PORT: what is spoken until TLS begins').argParser(
        parseStarttls,
      ),
    );
  return withExamples(command, EXAMPLES).action((what: string, flags: InspectFlags) =>
    context.run(flags, (run) => inspectOne(what, flags, run)),
  );
}

export type InspectFlags = CommonFlags & EndpointFlags & { readonly failOn?: Severity };

async function inspectOne(what: string, flags: InspectFlags, run: CommandRun) {
  const { inspectionOf } = await import('../inspection-of.js');
  const { inspectionDocument, isFaulty } = await import('../inspection-document.js');
  const { inspectionText } = await import('../inspection-text.js');
  const now = new Date();
  const inspection = await inspectionOf(what, flags, run, now);
  run.output.answer(inspectionDocument(inspection), () => inspectionText(inspection, now, run.output.paint));
  if (isFaulty(inspection, flags.failOn)) run.exit(EXIT.no);
}

const EXAMPLES = [
  ['sslapi inspect server.pem', 'names, validity, key and findings'],
  ['sslapi inspect pki/crl.pem', 'a CRL'],
  ['sslapi inspect api.test:443', 'the chain that a server shows'],
  ['sslapi inspect api.test --fail-on medium', 'exit 1 where something should be better'],
] as const;
