import type { ExitCode } from '../errors.js';
import { colourful, type Paint, plain, wantsColour } from './colour.js';
import { type Failure, failureOf } from './failure.js';
import { printable, printableJson, printableLine } from './printable.js';
import { type Tell, withSpinner } from './spinner.js';
import { type Column, table } from './table.js';
import type { Terminal, TextStream } from './terminal.js';

/** What the flags of every command say about output. */
export interface OutputFlags {
  /** `--json`: one JSON document on stdout instead of text. */
  readonly json?: boolean | undefined;
  /** `--quiet`: of what is said to people, only warnings and errors. */
  readonly quiet?: boolean | undefined;
  /** `--verbose`: details too. */
  readonly verbose?: boolean | undefined;
  /** `--no-color`. */
  readonly noColor?: boolean | undefined;
}

/** All that a command writes: data to stdout, what people read to stderr. */
export interface Output {
  readonly flags: OutputFlags;
  /** Colours for what goes to stdout. */
  readonly paint: Paint;
  /** Colours for what goes to stderr. */
  readonly paintNotice: Paint;
  /** Text for stdout, as it is (PEM, a configuration); on a terminal without what could steer it. */
  data(text: string): void;
  /** Octets for stdout that are no text; whoever has them looks for a terminal first. */
  octets(octets: Uint8Array): void;
  /** The command's answer: with --json the document (`schemaVersion` is added), else the text. */
  answer(document: object, text: () => string): void;
  /** One object of a stream, on a line of its own. */
  jsonLine(document: object): void;
  /** Rows in aligned columns, as wide as stdout's terminal. */
  table(columns: readonly Column[], rows: readonly (readonly string[])[]): string;
  /** A line for people; -q silences it. */
  say(text: string): void;
  /** A line for those who asked for -v. */
  detail(text: string): void;
  /** A line that -q does not silence, after `warning:`. */
  warn(text: string): void;
  /** `error: what (ERR_CODE)` and `hint: the next step`, with --json also as the document; gives the exit code.
   *  The stack only with SSLAPI_DEBUG=1. */
  fail(error: unknown): ExitCode;
  /** Does the work under a spinner, where there is a terminal and it takes long; the work may change what it says. */
  during<T>(text: string, work: (tell: Tell) => Promise<T>): Promise<T>;
}

/** Version of all JSON documents that are printed. */
export const SCHEMA_VERSION = 1;

/** The output of one run of a command. */
export async function createOutput(terminal: Terminal, flags: OutputFlags = {}): Promise<Output> {
  const { stdout, stderr } = terminal;
  const paintFor = (stream: TextStream) =>
    wantsColour(stream, terminal, flags.noColor) ? colourful() : Promise.resolve(plain);
  const [paint, paintNotice] = await Promise.all([paintFor(stdout), paintFor(stderr)]);
  const notice = (text: string) => stderr.write(`${printable(text)}\n`);
  const data = (text: string) => stdout.write(stdout.isTTY ? printable(text) : text);
  let answered = false;

  function document(value: object) {
    if (answered) return; // exactly one document, whatever goes wrong after it
    answered = true;
    stdout.write(`${JSON.stringify({ schemaVersion: SCHEMA_VERSION, ...value }, null, 2)}\n`);
  }

  function fail(error: unknown): ExitCode {
    const failure = failureOf(error);
    if (flags.json) document({ error: errorDocument(failure) });
    notice(`${paintNotice('error', 'error:')} ${printableLine(failure.message)} (${failure.code})`);
    notice(`${paintNotice('hint', 'hint:')} ${printableLine(failure.hint)}`);
    if (terminal.env['SSLAPI_DEBUG'] === '1' && error instanceof Error) notice(String(error.stack));
    return failure.exitCode;
  }

  return {
    flags,
    paint,
    paintNotice,
    data,
    octets: (octets) => stdout.write(octets),
    answer: (value, text) => (flags.json ? document(value) : data(text())),
    jsonLine: (value) => stdout.write(`${printableJson(JSON.stringify(value))}\n`),
    table: (columns, rows) => table(columns, rows, { width: stdout.columns, paint }),
    say: (text) => (flags.quiet ? undefined : notice(text)),
    detail: (text) => (flags.verbose ? notice(paintNotice('faint', text)) : undefined),
    warn: (text) => notice(`${paintNotice('warning', 'warning:')} ${text}`),
    fail,
    during: (text, work) => (flags.quiet ? work(() => {}) : withSpinner(terminal, text, work)),
  };
}

function errorDocument({ code, message, hint }: Failure): object {
  return { code, message, hint };
}
