import { Command, Option } from 'commander';
import type { CertificateStatus } from '../../ca/certificate-view.js';
import type { ProfileName } from '../../store/store.js';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';
import { type DurationOrInstant, momentAfter, parseDurationOrInstant } from '../parse-duration.js';

interface ListFlags extends CommonFlags {
  readonly status: CertificateStatus | 'all';
  readonly profile?: ProfileName;
  readonly expiring?: DurationOrInstant;
  readonly name?: string;
}

/** `list`: what this CA issued, and what became of it. */
export function listCommand(context: CommandContext): Command {
  const command = new Command('list')
    .addOption(
      new Option('--status <status>', 'only these')
        .choices(['valid', 'revoked', 'expired', 'all'])
        .default('all'),
    )
    .addOption(
      new Option('--profile <profile>', 'only this kind').choices([
        'root',
        'issuing',
        'server',
        'client',
        'peer',
        'probe',
      ]),
    )
    .option('--expiring <duration>', 'only valid ones that end within this time', parseDurationOrInstant)
    .option('--name <glob>', 'only NAMEs that match, like "sensor-*"')
    .action((flags: ListFlags) =>
      context.run(flags, async ({ output, openCa }) => {
        const certificates = await (await openCa()).list({
          status: flags.status,
          ...(flags.profile !== undefined && { profile: flags.profile }),
          ...(flags.expiring && { expiringBefore: momentAfter(new Date(), flags.expiring) }),
          ...(flags.name !== undefined && { name: flags.name }),
        });
        output.answer({ certificates }, () =>
          output.table(
            [
              { heading: 'NAME', shrinks: true },
              { heading: 'PROFILE' },
              { heading: 'STATUS' },
              { heading: 'NOT AFTER' },
              { heading: 'SERIAL' },
            ],
            certificates.map((one) => [one.name, one.profile, one.status, one.notAfter, one.serialNumber]),
          ),
        );
        if (certificates.length === 0) output.say('no certificate is like that');
      }),
    );
  return withExamples(withCommonOptions(command), [
    ['sslapi list', 'everything'],
    ['sslapi list --expiring 30d --json', 'what to renew soon, for a script'],
    ['sslapi list --status revoked --name "sensor-*"', 'by status and NAME'],
  ]);
}
