import { Command } from 'commander';
import type { CommandContext, CommandRun } from '../command-context.js';
import { withCommonOptions, withExamples, withPasswordOptions, withRootKeyOptions } from '../options.js';
import { type ProbeFlags, withProbeOptions } from '../probe-flags.js';
import {
  baselineOf,
  formatWishes,
  printsJson,
  refuseReportsInTheWay,
  refuseSignatureForNobody,
  writeReports,
} from '../probe-output.js';
import { probeTargets } from '../probe-targets.js';
import { untrustedHint } from '../untrusted-hint.js';

/** `probe TARGET…`: what an endpoint speaks and shows, and with `--prove-mtls` whom it lets in. */
export function probeCommand(context: CommandContext): Command {
  const command = withProbeOptions(new Command('probe'))
    .argument(
      '[target...]',
      "HOST, HOST:PORT or [IPv6]:PORT; port 443 by default, or the --starttls protocol's",
    )
    .action((targets: readonly string[], flags: ProbeFlags) => {
      const json = flags.json === true || printsJson(flags.format ?? []);
      return context.run({ ...flags, json }, (run) => probeAll(targets, flags, run));
    });
  return withExamples(withCommonOptions(withRootKeyOptions(withPasswordOptions(command))), EXAMPLES);
}

async function probeAll(named: readonly string[], flags: ProbeFlags, run: CommandRun): Promise<void> {
  const { output, exit, terminal } = run;
  const targets = probeTargets(named, flags, terminal.env);
  const wishes = formatWishes(flags);
  refuseSignatureForNobody(flags, wishes);
  refuseReportsInTheWay(wishes, flags.force);
  const held = await baselineOf(flags);
  const { probeOptions } = await import('../probe-options.js');
  const { probeEach } = await import('../../probe/probe-each.js');
  const { signReport } = await import('../../probe/sign-report.js');
  const { exitCodeOf } = await import('../../probe/verdict.js');
  const { options, signing } = await probeOptions(flags, run);
  const probed = held(
    await output.during('probing', (tell) => {
      const onProgress = (done: number, total: number): void => tell(`probed ${done} of ${total}`);
      return probeEach(targets, { ...options, onProgress });
    }),
  );
  const report = signing === null ? probed : await signReport(probed, signing, new Date());
  await writeReports(report, wishes, run, flags.force === true);
  const hint = untrustedHint(probed, flags);
  if (hint !== null) output.say(`hint: ${hint}`);
  exit(exitCodeOf(probed, flags.allowInconclusive));
}

const EXAMPLES = [
  ['sslapi probe api.test', 'versions, chain, name, expiry, client certificates'],
  ['sslapi probe --starttls smtp mail.test', 'what a mail server offers after STARTTLS'],
  ['sslapi probe --targets hosts.txt --format junit=hosts.xml', 'many in one run'],
  ['sslapi probe --prove-mtls localhost:8443', 'whom it lets in: good and bad client certificates'],
  ['sslapi probe --prove-mtls --client billing --path /me api.test', "with a real client's certificate"],
  ['sslapi probe --prove-mtls --kit kit.p12 --kit-password-file kit.pass api.test', "without the CA's key"],
  [
    'sslapi probe --prove-mtls --sign --format json=proof.json api.test',
    'evidence for `sslapi verify-report`',
  ],
  ['sslapi probe --format text --format json=probe.json api.test', 'to read, and to keep'],
  ['sslapi probe --baseline probe.json api.test', 'fails only on what got worse since'],
] as const;
