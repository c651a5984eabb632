import { SslapiError } from '../errors.js';
import type { ProbeReport, ProbeReports } from '../probe/probe-report.js';
import { REPORT_FORMATS, type ReportFormat, reporters } from '../report/index.js';
import type { Output } from '../ui/output.js';
import { writeOutput } from './write-output.js';

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
}

/** `--format`, as often as wished, each with one or a comma list. @throws SslapiError ERR_USAGE */
export function collectFormat(
  text: string,
  previous: readonly FormatWish[] | undefined,
): readonly FormatWish[] {
  const wishes = text.split(',').map((one) => {
    const [, name, file] = /^([^=]*)(?:=(.+))?$/s.exec(one) ?? [];
    const format = REPORT_FORMATS.find((known) => known === name?.toLowerCase());
    if (format !== undefined) return { format, file: file ?? null };
    throw new SslapiError('ERR_USAGE', `"${one}" is no format of a report`, {
      hint: `Choose ${REPORT_FORMATS.join(' or ')}, with =FILE to write it to a file.`,
    });
  });
  return [...(previous ?? []), ...wishes];
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
  const placed =
    output === undefined
      ? distinct
      : distinct.map(({ format: one, file }) => ({ format: one, file: file ?? output }));
  const places = placed.map(({ file }) => file);
  if (new Set(places).size === places.length) return placed;
  throw new SslapiError('ERR_USAGE', 'two formats would go to the same place', {
    hint: 'Give all but one a file: --format json=FILE.',
  });
}

/** Whether stdout gets a JSON document, an error's too. */
export function printsJson(wishes: readonly FormatWish[]): boolean {
  return wishes.some(({ format, file }) => format === 'json' && file === null);
}

/** Writes the report in each format to its place. */
export function writeReports(
  probed: ProbeReport | ProbeReports,
  wishes: readonly FormatWish[],
  output: Output,
  force: boolean,
): void {
  for (const { format, file } of wishes) {
    if (file !== null) {
      writeOutput(file, reporters[format](probed), force);
      output.say(`wrote ${file}`);
    } else output.answer(probed, () => reporters[format](probed));
  }
}
