import type { DueItem, DueReason } from '../ca/status.js';
import { EXIT, SslapiError } from '../errors.js';
import { statusPrometheus } from '../report/status-prometheus.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import { type DurationOrInstant, momentAfter } from './parse-duration.js';
import { writeOutput } from './write-output.js';

/** Flags of `status`. */
export interface StatusFlags extends CommonFlags {
  readonly within?: number;
  readonly at?: DurationOrInstant;
  readonly prometheus?: boolean;
  readonly out?: string;
}

/** Tells what is due, in order of time; exit 1 where something is. */
export async function tellStatus(run: CommandRun, flags: StatusFlags): Promise<void> {
  const { output } = run;
  if (flags.prometheus === true && flags.json === true)
    throw new SslapiError('ERR_USAGE', '--prometheus and --json contradict each other', {
      hint: 'Give one of them.',
    });
  if (flags.out !== undefined && flags.prometheus !== true)
    throw new SslapiError('ERR_USAGE', '--out belongs to --prometheus', { hint: 'Give both, or use `>`.' });
  const now = new Date();
  const at = flags.at && momentAfter(now, flags.at);
  if (at !== undefined && at < now)
    throw new SslapiError('ERR_DURATION_INVALID', `${isoSeconds(at)} has passed`, {
      hint: 'Give a moment to come: --at 90d.',
    });
  const ca = await run.openCa();
  const status = await ca.status({
    ...(at && { at }),
    ...(flags.within !== undefined && { within: flags.within }),
  });
  if (status.due.length > 0) run.exit(EXIT.no);
  if (flags.prometheus === true) return tellMetrics(run, statusPrometheus(status), flags.out);
  const due = status.due.map(({ kind, name, serialNumber, dueAt, reason }) => ({
    kind,
    name,
    serialNumber,
    dueAt: isoSeconds(dueAt),
    reason,
  }));
  output.answer({ at: isoSeconds(status.at), due }, () =>
    due.length === 0 ? 'nothing is due\n' : table(run, status.due),
  );
  for (const step of nextSteps(status.due)) output.say(`next: ${step}`);
}

/** A file for another program, which may look at any moment. */
function tellMetrics({ output }: CommandRun, metrics: string, out: string | undefined): void {
  if (out === undefined || out === '-') output.data(metrics);
  else writeOutput(out, metrics, true);
}

function table({ output }: CommandRun, due: readonly DueItem[]): string {
  const columns = [
    { heading: 'WHEN' },
    { heading: 'WHAT' },
    { heading: 'NAME', shrinks: true },
    { heading: 'WHY' },
  ];
  return output.table(
    columns,
    due.map(({ kind, name, dueAt, reason }) => [
      isoSeconds(dueAt),
      kind === 'crl' ? 'CRL' : kind === 'ca' ? 'CA' : kind,
      name,
      WORDS[reason],
    ]),
  );
}

/** What takes care of it, each once. */
function nextSteps(due: readonly DueItem[]): string[] {
  const kinds = new Set(
    due.map(({ kind, reason }) =>
      kind === 'certificate' && reason !== 'not-delivered' ? `${kind}` : kind === 'crl' ? kind : reason,
    ),
  );
  return [
    ...(kinds.has('crl') ? ['sslapi gen-crl --refresh, and reload the servers'] : []),
    ...(kinds.has('certificate') ? ['sslapi renew --due, or sslapi revoke what nobody needs'] : []),
    ...(kinds.has('not-delivered') ? ['run the command again that was interrupted'] : []),
  ];
}

const WORDS: Readonly<Record<DueReason, string>> = {
  expires: 'ends then',
  expired: 'has ended',
  'outlives-its-ca': 'its CA ends then',
  'not-delivered': 'a command was interrupted: nobody has it',
  missing: 'is missing',
  differs: 'is not what the store knows',
  unreadable: 'cannot be read',
  mode: 'others can read it: chmod it to 0600, a folder to 0700',
  owner: "belongs to another user than its folder's",
  'not-the-key': 'is not the key of its certificate',
};
