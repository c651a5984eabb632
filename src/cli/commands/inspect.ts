import { Command, Option } from 'commander';
import { EXIT, SslapiError } from '../../errors.js';
import type { Inspection } from '../../lint/inspect.js';
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
  const { inspectionText } = await import('../inspection-text.js');
  const { name, bytes } = await readReference(what, openCa, MAX_CRL_OCTETS);
  const now = new Date();
  const passphrase = passwordFile === undefined ? {} : { passphrase: passwordFrom(passwordFile) };
  const inspection = await inspect(bytes, { name, now, ...passphrase });
  output.answer(documentOf(inspection), () => inspectionText(inspection, now, output.paint));
  if (isMalformed(inspection) || (failOn !== undefined && weighs(inspection, failOn))) exit(EXIT.no);
}

/** One thing is told by itself, several as a list. */
function documentOf({ encoding, items: [only, ...others], passedOver }: Inspection): object {
  if (only === undefined) throw new SslapiError('ERR_INPUT_NOT_RECOGNISED', 'there is nothing in it');
  return others.length === 0
    ? { encoding, ...only }
    : { kind: 'bundle', encoding, items: [only, ...others], passedOver };
}

function isMalformed({ items }: Inspection): boolean {
  return items.some(({ kind }) => kind === 'malformed');
}

function weighs({ items }: Inspection, failOn: Severity): boolean {
  const heavy = SEVERITIES.slice(SEVERITIES.indexOf(failOn));
  return items.some(
    (item) => 'findings' in item && item.findings.some(({ severity }) => heavy.includes(severity)),
  );
}

const EXAMPLES = [
  ['sslapi inspect server.pem', 'names, validity, key and findings'],
  ['sslapi inspect pki/crl.pem', 'a CRL'],
  ['sslapi inspect api.test --fail-on medium', 'exit 1 where something should be better'],
] as const;
