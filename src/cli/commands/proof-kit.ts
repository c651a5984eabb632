import { Command, Option } from 'commander';
import type { KeyType } from '../../keys/key-type.js';
import { parseKeyType } from '../../keys/key-type.js';
import { isoSeconds } from '../../x509/whole-seconds.js';
import type { CommandContext, CommandRun, CommonFlags } from '../command-context.js';
import {
  withCommonOptions,
  withExamples,
  withExportPasswordOptions,
  withPasswordOptions,
  withRootKeyOptions,
} from '../options.js';
import { parseDays } from '../parse-duration.js';
import { type ExportPasswordFlags, newExportPassphrase } from '../passwords.js';
import { refuseOutputInTheWay, writeOutput } from '../write-output.js';

interface ProofKitFlags extends CommonFlags, ExportPasswordFlags {
  readonly out: string;
  readonly days?: number;
  readonly client?: string;
  readonly keyType?: readonly KeyType[];
  readonly force?: boolean;
}

/** `proof-kit`: what a proof needs and only the CA can sign, for machines that shall not have the CA's key. */
export function proofKitCommand(context: CommandContext): Command {
  const command = new Command('proof-kit')
    .requiredOption('--out <file>', 'where the kit goes, a PKCS#12 file')
    .addOption(
      new Option('--days <n>', 'how many days it lives, 30 at most (default: 7)').argParser(parseDays),
    )
    .option(
      '--client <name>',
      'its credentials bear the subject and SAN of this NAME, with keys of their own',
    )
    .addOption(
      new Option(
        '--key-type <types>',
        'for servers that take only these: ec-p256, rsa-2048, ec-p384, ed25519 (default: ec-p256,rsa-2048)',
      ).argParser(collectKeyTypes),
    )
    .option('--force', 'overwrite that file')
    .action((flags: ProofKitFlags) => context.run(flags, (run) => makeKit(flags, run)));
  return withExamples(
    withCommonOptions(withRootKeyOptions(withPasswordOptions(withExportPasswordOptions(command)))),
    EXAMPLES,
  );
}

async function makeKit(flags: ProofKitFlags, run: CommandRun): Promise<void> {
  const { output, terminal } = run;
  const { out, days, client, keyType, force } = flags;
  refuseOutputInTheWay(out, force);
  const ca = await run.openCa();
  const password = await newExportPassphrase(flags, terminal);
  const { makeProofKit } = await import('../../probe/make-proof-kit.js');
  const kit = await makeProofKit(ca, {
    password,
    ...(days !== undefined && { validityDays: days }),
    ...(client !== undefined && { client }),
    ...(keyType && { keyTypes: keyType }),
  });
  writeOutput(out, kit.pkcs12, force === true, 0o600);
  for (const notice of kit.notices) output.warn(notice);
  for (const { id, why } of kit.missing) output.warn(`${id} is not in the kit: ${why}`);
  const { name, credentials, keyTypes, missing } = kit;
  const notAfter = isoSeconds(kit.notAfter);
  output.answer(
    { kit: { name, file: out, notAfter, keyTypes, credentials, missing } },
    () => `${out}: ${credentials.length} credentials, good until ${notAfter} (${name} in the store)\n`,
  );
  output.say(`next: sslapi probe --prove-mtls --kit ${out} HOST:PORT; sslapi revoke --kit ends it early`);
}

/** As often as wished, each with one or a comma list. */
function collectKeyTypes(text: string, previous: readonly KeyType[] | undefined): readonly KeyType[] {
  return [...new Set([...(previous ?? []), ...text.split(',').map(parseKeyType)])];
}

const EXAMPLES = [
  ['sslapi proof-kit --out kit.p12', 'for seven days; asks for a password'],
  ['sslapi proof-kit --out kit.p12 --days 30 --export-password-file kit.pass', 'for a month, from a script'],
  ['sslapi proof-kit --out kit.p12 --client billing --root-key /media/root.key', 'in the name of a client'],
  ['sslapi probe --prove-mtls --kit kit.p12 api.test', 'the proof, where the CA is not'],
] as const;
