import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SslapiError } from '../errors.js';
import type { ProbeReport, ProbeReports } from '../probe/probe-report.js';
import type { Severity } from '../probe/severity.js';
import { REPORT_FORMATS, type ReportFormat } from '../report/formats.js';
import type { CommandRun } from './command-context.js';
import { readInput } from './read-input.js';
import { refuseOutputInTheWay, writeOutput } from './write-output.js';

/** One `--format FORMAT[=FILE]`. */
export interface FormatWish {
  readonly format: ReportFormat;
  /** Null for stdout. */
  readonly file: string | null;
}

interface OutputFlags {
  readonly format?: readonly FormatWish[];
  readonly output?: string;
  readonly json?: boolean;
  readonly force?: boolean;
  readonly baseline?: string;
  readonly sign?: boolean;
  readonly failOn?: Severity;
}

/** `--format`, as often as wished, each with one or a comma list. @throws SslapiError ERR_USAGE */
export function collectFormat(
  text: string,
  previous: readonly FormatWish[] | undefined,
): readonly FormatWish[] {
  const wishes = text.split(',').map((one) => {
    const [, name, file] = /^([^=]*)(?:=(.+))?$/s.exec(one) ?? [];
    const format = REPORT_FORMATS.find((known) => known === name?.toLowerCase());
    if (format !== undefined) return { format, file: placeOf(file) };
    throw new SslapiError('ERR_USAGE', `"${one}" is no format of a report`, {
      hint: `Choose ${REPORT_FORMATS.join(', ')}, with =FILE to write it to a file.`,
    });
  });
  return [...(previous ?? []), ...wishes];
}

/** `-` is stdout, as elsewhere. */
function placeOf(file: string | undefined): string | null {
  return file === undefined || file === '-' ? null : file;
}

/** Which formats go where. @throws SslapiError ERR_USAGE where two would go to one place */
export function formatWishes({ format, output, json }: OutputFlags): readonly FormatWish[] {
  const wishes = [...(format ?? []), ...(json ? [{ format: 'json', file: null } as const] : [])];
  const distinct = wishes.filter(
    (wish, at) => wishes.findIndex((one) => one.format === wish.format && one.file === wish.file) === at,
  );
  if (distinct.length === 0) distinct.push({ format: 'text', file: null });
  if (output !== undefined && distinct.length > 1)
    throw new SslapiError('ERR_USAGE', '--output is for a single format', {
      hint: 'Write --format json=FILE --format text.',
    });
  if (output !== undefined && distinct[0]!.file !== null)
    throw new SslapiError('ERR_USAGE', `both --output and --format ${distinct[0]!.format}= name a file`, {
      hint: 'Leave one of them out.',
    });
  const placed =
    output === undefined
      ? distinct
      : distinct.map(({ format: one }) => ({ format: one, file: placeOf(output) }));
  const places = placed.map(({ file }) => (file === null ? null : resolve(file)));
  if (new Set(places).size === places.length) return placed;
  throw new SslapiError('ERR_USAGE', 'two formats would go to the same place', {
    hint: 'Give all but one a file: --format json=FILE.',
  });
}

/** Whether stdout gets a JSON document, an error's too. */
export function printsJson(wishes: readonly FormatWish[]): boolean {
  return wishes.some(({ format, file }) => format === 'json' && file === null);
}

/** Writes the report in each format to its place: what goes to a terminal in colours and as wide as that is. */
export async function writeReports(
  probed: ProbeReport | ProbeReports,
  wishes: readonly FormatWish[],
  { output, terminal }: Pick<CommandRun, 'output' | 'terminal'>,
  force: boolean,
  { wholeProof = false }: { readonly wholeProof?: boolean } = {},
): Promise<void> {
  const { reporters } = await import('../report/index.js');
  const { inOrder } = await import('../report/in-order.js');
  const verbose = output.flags.verbose === true;
  const onTerminal = {
    verbose,
    wholeProof,
    paint: output.paint,
    width: terminal.stdout.isTTY ? terminal.stdout.columns : undefined,
  };
  for (const { format, file } of wishes) {
    if (file !== null) {
      writeOutput(file, reporters[format](probed, { verbose, wholeProof }), force);
      output.say(`wrote ${file}`);
    } else output.answer(inOrder(probed), () => reporters[format](probed, onTerminal));
  }
}

/** Looks before anything is probed whether the reports could be written. No folder is made for one.
 *  @throws SslapiError ERR_FILE_EXISTS, ERR_IO */
export function refuseReportsInTheWay(wishes: readonly FormatWish[], force: boolean | undefined): void {
  for (const { file } of wishes) {
    if (file === null) continue;
    refuseOutputInTheWay(file, force);
    const folder = dirname(file);
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new SslapiError('ERR_IO', `cannot write ${file}: there is no folder ${folder}`, {
        hint: 'Make that folder, or name a file in another one.',
      });
  }
}

/** A signature stands in the JSON report alone. @throws SslapiError ERR_USAGE where none is written */
export function refuseSignatureForNobody({ sign }: OutputFlags, wishes: readonly FormatWish[]): void {
  if (!sign || wishes.some(({ format }) => format === 'json')) return;
  throw new SslapiError('ERR_USAGE', '--sign signs the JSON report, and none is written', {
    hint: 'Add --format json=FILE.',
  });
}

/** What holds a report against `--baseline`, whose file is read at once: as it is where there is none.
 *  @throws SslapiError ERR_BASELINE_INVALID, ERR_INPUT_UNREADABLE, ERR_INPUT_TOO_LARGE */
export async function baselineOf({
  baseline,
  failOn = 'high',
}: OutputFlags): Promise<(probed: ProbeReport | ProbeReports) => ProbeReport | ProbeReports> {
  if (baseline === undefined) return (probed) => probed;
  const { readBaseline } = await import('../probe/baseline-file.js');
  const { againstBaseline } = await import('../probe/baseline.js');
  const text = Buffer.from(readInput(baseline, MAX_BASELINE_OCTETS)).toString('utf8');
  const older = readBaseline(text, baseline);
  return (probed) => againstBaseline(probed, older, failOn);
}

/** Reports on some thousand targets. */
const MAX_BASELINE_OCTETS = 256 * 1024 * 1024;
