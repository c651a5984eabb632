import { Command, Option } from 'commander';
import type { CertificateAuthority } from '../../ca/certificate-authority.js';
import { TARGETS } from '../../config/targets.js';
import { SslapiError } from '../../errors.js';
import type { CertificateRecord } from '../../store/store.js';
import { type CrlReason, parseCrlReason } from '../../x509/extensions/reason-code.js';
import type { CommandContext, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { parsePastInstant } from '../parse-duration.js';
import { readInputIfThere } from '../read-input.js';
import { tellCrls } from '../tell-crls.js';
import { whichOfKits, whichToRevoke } from '../which-certificates.js';

interface RevokeFlags extends CommonFlags {
  readonly reason?: CrlReason;
  readonly invalidityDate?: Date;
  readonly latest?: boolean;
  readonly kit?: boolean;
  readonly crl: boolean;
  readonly yes?: boolean;
}

/** `revoke NAME|SERIAL|FILE`: the certificate is no longer good, and the CRL says so at once. */
export function revokeCommand(context: CommandContext): Command {
  const command = new Command('revoke')
    .argument('[certificate]', 'its NAME, serial number or file')
    .addOption(
      new Option('--reason <reason>', 'why: keyCompromise, superseded, cessationOfOperation …').argParser(
        parseCrlReason,
      ),
    )
    .addOption(
      new Option('--invalidity-date <instant>', 'since when the key is held to be compromised').argParser(
        parsePastInstant,
      ),
    )
    .option('--latest', 'only the newest certificate of a renewed NAME')
    .option('--kit', 'all that is left of every kit of a proof, instead of a certificate')
    .option('--no-crl', 'leave the CRL as it is; `gen-crl` publishes it later')
    .option('-y, --yes', 'all live certificates of the NAME, without asking')
    .action((reference: string | undefined, flags: RevokeFlags) =>
      context.run(flags, async (run) => {
        const { output } = run;
        const ca = await run.openCa();
        const chosen =
          flags.kit === true
            ? await whichOfKits(ca, reference)
            : await whichToRevoke(await findCalled(ca, reference), flags, run);
        const { revoked, crls } = await ca.revoke(chosen, {
          ...(flags.reason && { reason: flags.reason }),
          ...(flags.invalidityDate && { invalidityDate: flags.invalidityDate }),
          noCrl: !flags.crl,
          rootKeyMayBeAway: flags.kit === true,
        });
        output.answer({ revoked, crls: tellCrls(run, crls) }, () =>
          revoked.map(({ name, serialNumber }) => `revoked ${name} (serial ${serialNumber})\n`).join(''),
        );
        if (crls === null) output.say('next: sslapi gen-crl, or no server knows of it');
        else
          output.say(
            `next: reload the servers (${RELOADS.join('; ')}; ${WITHOUT_CRLS.join(' and ')} read no CRLs), then sslapi probe --prove-mtls HOST:PORT`,
          );
      }),
    );
  return withExamples(withCommonOptions(withRootKeyOptions(withPasswordOptions(command))), [
    ['sslapi revoke billing', 'and publish the CRL'],
    ['sslapi revoke 4f:1a:07 --reason keyCompromise', 'by its serial number'],
    ['sslapi revoke old-laptop.pem --reason superseded', 'by its file'],
    ['sslapi revoke --kit --root-key /media/root.key', 'every kit that is out there'],
  ]);
}

function findCalled(ca: CertificateAuthority, reference: string | undefined): Promise<CertificateRecord[]> {
  if (reference !== undefined) return ca.find(reference, readInputIfThere(reference));
  throw new SslapiError('ERR_USAGE', 'which certificate?', {
    hint: 'Give its NAME, serial number or file; --kit stands for all kits.',
  });
}

const RELOADS = TARGETS.flatMap(({ name, reloadCommand, checksRevocation }) =>
  reloadCommand === null || !checksRevocation ? [] : [`${name}: ${reloadCommand}`],
);
const WITHOUT_CRLS = TARGETS.filter(({ checksRevocation }) => !checksRevocation).map(({ name }) => name);
