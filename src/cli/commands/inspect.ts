import { Command, Option } from 'commander';
import { EXIT } from '../../errors.js';
import { SEVERITIES, type Severity } from '../../lint/lint.js';
import { MAX_CRL_OCTETS, readReference } from '../certificate-reference.js';
import type { CommandContext, CommandRun, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { passwordFrom } from '../passwords.js';

/** `inspect`: what a file is and says, and what a careful reviewer would say to it. */
export function inspectCommand(context: CommandContext): Command {
  const command = withCommonOptions(new Command('inspect'))
    .argument('<what>', 'FILE, - (standard input), NAME or SERIAL')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 where a finding weighs as much').choices(SEVERITIES),
    )
    .option('--password-file <file>', 'read the password of the key or PKCS#12 file from this file');
  return withExamples(command, EXAMPLES).action((what: string, flags: Flags) =>
    context.run(flags, (run) => inspectOne(what, flags, run)),
  );
}

type Flags = CommonFlags & { readonly failOn?: Severity };

async function inspectOne(
  what: string,
  { failOn, passwordFile }: Flags,
  { output, openCa, exit }: CommandRun,
) {
  const { inspect } = await import('../../lint/inspect.js');
  const { inspectionDocument, isFaulty, knownAs } = await import('../inspection-document.js');
  const { inspectionText } = await import('../inspection-text.js');
  const { name, bytes, view } = await readReference(what, openCa, MAX_CRL_OCTETS);
  const now = new Date();
  const passphrase = passwordFile === undefined ? {} : { passphrase: passwordFrom(passwordFile) };
  const inspection = knownAs(await inspect(bytes, { name, now, ...passphrase }), view);
  output.answer(inspectionDocument(inspection), () => inspectionText(inspection, now, output.paint));
  if (isFaulty(inspection, failOn)) exit(EXIT.no);
}

const EXAMPLES = [
  ['sslapi inspect server.pem', 'names, validity, key and findings'],
  ['sslapi inspect pki/crl.pem', 'a CRL'],
  ['sslapi inspect api.test --fail-on medium', 'exit 1 where something should be better'],
] as const;
