import { once } from 'node:events';

/** Where lines come from: standard input, or anything that yields octets. */
export type ByteSource = AsyncIterable<Uint8Array | string>;

/** Where answers go; `write` is false where it is full until `drain`. */
export interface LineSink extends NodeJS.EventEmitter {
  write(text: string): boolean;
}

/** Answers each line with one, in order. Waits for a slow reader, and holds no more than one line and one chunk, so that
 *  input of any length takes the same memory. A line too long to hold is answered as an empty one. */
export async function answerLines(
  source: ByteSource,
  sink: LineSink,
  answer: (line: string) => string,
): Promise<void> {
  const line = new LineBuffer();
  for await (const chunk of source) {
    const answers: string[] = [];
    for (const text of line.take(typeof chunk === 'string' ? Buffer.from(chunk) : chunk))
      answers.push(`${answer(text)}\n`);
    if (answers.length > 0 && !sink.write(answers.join(''))) await once(sink, 'drain');
  }
  const last = line.rest();
  if (last !== '') sink.write(`${answer(last)}\n`);
}

/** The part of a line that came so far. */
class LineBuffer {
  #parts: Uint8Array[] = [];
  #octets = 0;

  /** The lines that this chunk completes. */
  *take(chunk: Uint8Array): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      yield this.rest();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  /** What is there, and nothing is left. */
  rest(): string {
    const text = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#octets = 0;
    return text;
  }

  #keep(part: Uint8Array): void {
    this.#octets += part.length;
    if (this.#octets > MAX_LINE_OCTETS) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }
}

const NEWLINE = 0x0a;
/** A chain with its CRLs takes a few hundred kilobytes; a CRL of a million entries takes 50 MiB. */
const MAX_LINE_OCTETS = 128 * 1024 * 1024;
