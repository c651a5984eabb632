import { Command } from 'commander';
import { EXIT } from '../../errors.js';
import type { CommandContext, CommandRun, CommonFlags } from '../command-context.js';
import { withCommonOptions, withExamples } from '../options.js';

interface VerifyReportFlags extends CommonFlags {
  readonly trusted?: string;
}

/** `verify-report FILE`: whether a report that was made with `--sign` is whole, and whose it is. */
export function verifyReportCommand(context: CommandContext): Command {
  const command = new Command('verify-report')
    .argument('<file>', 'the JSON report; - is standard input')
    .option('--trusted <file>', 'the roots to believe (default: that of the local CA)')
    .action((file: string, flags: VerifyReportFlags) =>
      context.run(flags, (run) => verify(file, flags, run)),
    );
  return withExamples(withCommonOptions(command), EXAMPLES);
}

async function verify(file: string, { trusted }: VerifyReportFlags, run: CommandRun): Promise<void> {
  const { output, exit } = run;
  const { MAX_REPORT_OCTETS, reportTrust } = await import('../report-trust.js');
  const { readInput } = await import('../read-input.js');
  const { verifyReport } = await import('../../probe/verify-report.js');
  const { reportVerdictDocument, reportVerdictText } = await import('../report-verdict.js');
  const octets = readInput(file, MAX_REPORT_OCTETS);
  const verdict = await verifyReport(octets, await reportTrust(trusted, run));
  output.answer(reportVerdictDocument(verdict), () => reportVerdictText(verdict, output.paint));
  if (verdict.ok && verdict.revokedLater !== null)
    output.warn(
      'its signer was revoked after the report says it was made: whoever had the key could have written an earlier date',
    );
  exit(verdict.ok ? EXIT.yes : EXIT.no);
}

const EXAMPLES = [
  ['sslapi verify-report proof.json', 'a report of the local CA, or of a kit of it'],
  ['sslapi verify-report proof.json --trusted root.pem', 'where the CA is not'],
] as const;
