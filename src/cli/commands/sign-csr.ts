import { Command, Option } from 'commander';
import type { LeafProfileName } from '../../ca/profiles.js';
import { checkRequest, summaryOf } from '../../ca/sign-request.js';
import { SslapiError } from '../../errors.js';
import { askConfirm } from '../../ui/prompt.js';
import type { GeneralName } from '../../x509/general-name.js';
import type { CommandContext, CommonFlags } from '../command-context.js';
import {
  sanOption,
  type ValidityFlags,
  validityWish,
  withCommonOptions,
  withExamples,
  withPasswordOptions,
  withValidityOptions,
} from '../options.js';
import { readInput } from '../read-input.js';
import { readRequest } from '../read-request.js';
import { refuseOutputInTheWay, writeOutput } from '../write-output.js';

interface SignFlags extends CommonFlags, ValidityFlags {
  readonly profile?: LeafProfileName;
  readonly name?: string;
  readonly san?: readonly GeneralName[];
  readonly out: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** `sign-csr FILE|-`: a certificate for another's key, after its request was looked at. */
export function signCsrCommand(context: CommandContext): Command {
  const command = new Command('sign-csr')
    .argument('<file>', 'the request, PEM or DER; - reads standard input')
    .addOption(new Option('--profile <profile>', 'what it is for').choices(['server', 'client', 'peer']))
    .option('--name <name>', 'keep it under this NAME (default: the first name of the request)')
    .addOption(sanOption('names instead of those that the request asks for'))
    .option('--out <file>', 'where the certificate goes; - is standard output', '-')
    .option('-y, --yes', 'sign without asking')
    .option('--force', 'replace a live certificate of that NAME and revoke it, or a file')
    .action((path: string, flags: SignFlags) =>
      context.run(flags, async (run) => {
        const { output, terminal } = run;
        const { profile } = flags;
        if (profile === undefined)
          throw new SslapiError('ERR_USAGE', 'no --profile is given', {
            hint: 'Give --profile server, client or peer.',
          });
        refuseOutputInTheWay(flags.out, flags.force);
        const request = readRequest(readInput(path), path);
        checkRequest(request, profile);
        const { subject, subjectAltName, keyType } = summaryOf(request);
        const names =
          flags.san === undefined
            ? subjectAltName.join(', ') || 'none'
            : `${flags.san.length} given by --san instead of ${subjectAltName.join(', ') || 'none'}`;
        output.say(
          `the request asks for: subject ${subject || '(empty)'}, names ${names}, key ${keyType}; profile ${profile}`,
        );
        const agreed =
          flags.yes === true || (await askConfirm(terminal, { message: 'Sign it?', flag: '--yes' }));
        if (!agreed) throw new SslapiError('ERR_ISSUE_DECLINED', 'the request was not signed');
        const ca = await run.openCa();
        const signed = await ca.signRequest({
          request,
          profile,
          ...validityWish(flags),
          ...(flags.name !== undefined && { name: flags.name }),
          ...(flags.san && { subjectAltName: flags.san }),
          ...(flags.force === true && { force: true }),
        });
        for (const notice of signed.notices) output.warn(notice);
        if (flags.out !== '-') writeOutput(flags.out, signed.pem, flags.force === true);
        output.answer({ certificate: { ...signed.certificate, pem: signed.pem } }, () =>
          flags.out === '-' ? signed.pem : '',
        );
        output.say(
          `signed ${signed.certificate.name} (serial ${signed.certificate.serialNumber}); it and its chain lie in ${ca.folder.at('issued', signed.certificate.name)}`,
        );
      }),
    );
  return withExamples(withCommonOptions(withPasswordOptions(withValidityOptions(command, 90))), [
    ['sslapi sign-csr api.csr --profile server --out api.crt', 'shows it, asks, signs'],
    ['sslapi sign-csr - --profile client --yes < device.csr > device.crt', 'in a script'],
  ]);
}
