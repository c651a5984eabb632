import { Command, Option } from 'commander';
import { EXPORT_FORMATS, type ExportFormatName, exportFormatOf } from '../../ca/export-format.js';
import { SslapiError } from '../../errors.js';
import type { CommandContext } from '../command-context.js';
import { tellIndexTxt } from '../export-index.js';
import { type ExportFlags, refuseExportToTerminal, tellExported } from '../export-output.js';
import { withCommonOptions, withExamples, withExportPasswordOptions } from '../options.js';
import { leafKeyPassphrase, newExportPassphrase } from '../passwords.js';
import { refuseOutputInTheWay } from '../write-output.js';

/** `export NAME`: a certificate in the form that another program wants. */
export function exportCommand(context: CommandContext): Command {
  const command = new Command('export')
    .argument('[name]', 'NAME or serial number; of a NAME its newest certificate')
    .addOption(
      new Option('--format <format>', `one of: ${FORMATS}`)
        .argParser((text): ExportFormatName => exportFormatOf(text).name)
        .default('p12'),
    )
    .option('--out <file>', 'where it goes; - is standard output, for what is no text only a pipe', '-')
    .option('--key-password-file <file>', 'read the password of the key from this file, where it has one')
    .option(
      '--index-txt <file>',
      'instead of one certificate: all of them, as `openssl ca` and `openssl ocsp` read it',
    )
    .option('--force', 'overwrite that file')
    .action((name: string | undefined, flags: ExportFlags) =>
      context.run(flags, async (run) => {
        if (flags.indexTxt !== undefined) return tellIndexTxt(name, flags.indexTxt, flags, run);
        if (name === undefined || name === '')
          throw new SslapiError('ERR_USAGE', 'no NAME is given', {
            hint: 'See the names with `sslapi list`.',
          });
        refuseOutputInTheWay(flags.out, flags.force);
        refuseExportToTerminal(flags, run);
        const ca = await run.openCa();
        const record = (await ca.find(name)).at(-1)!;
        const exported = await ca.export(record, {
          format: flags.format,
          password: () => newExportPassphrase(flags, run.terminal),
          keyPassphrase: leafKeyPassphrase(flags.keyPasswordFile, run.terminal),
        });
        tellExported(exported, flags, run);
      }),
    );
  return withExamples(withCommonOptions(withExportPasswordOptions(command)), [
    [
      'sslapi export billing --out billing.p12 --export-password-file p12.pass',
      'for browsers, Java and Windows',
    ],
    ['sslapi export billing --format p7b > billing.p7b', 'the certificate and its CAs'],
    ['sslapi export api.test --format k8s-secret > api.yaml', 'for kubectl apply -f api.yaml'],
    ['sslapi export billing --format curl', 'a command to paste'],
    ['sslapi export --index-txt index.txt', 'for openssl ocsp -index index.txt'],
  ]);
}

const FORMATS = EXPORT_FORMATS.map(({ name, what }) => `${name} (${what})`).join(', ');
