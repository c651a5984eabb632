import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { answerLines } from '../../src/cli/answer-lines.js';

describe('a stream of lines is answered line for line', () => {
  it.each<[string, readonly string[], string]>([
    ['whole lines', ['a\n', 'b\n'], 'A\nB\n'],
    ['lines in pieces', ['a', 'b', 'c\nd', 'e\n'], 'ABC\nDE\n'],
    ['a last line without an end', ['a\nb'], 'A\nB\n'],
    ['an empty line', ['a\n\nb\n'], 'A\n\nB\n'],
    ['no line', [], ''],
  ])('%s', async (_kind, chunks, answers) => {
    const sink = new Sink();

    await answerLines(streamOf(chunks.map((chunk) => Buffer.from(chunk))), sink, (line) =>
      line.toUpperCase(),
    );

    expect(sink.written.join('')).toBe(answers);
  });

  it('a character that two chunks share stays whole', async () => {
    const sink = new Sink();
    const octets = Buffer.from('ü€😀\n');

    await answerLines(streamOf([...octets].map((octet) => Uint8Array.of(octet))), sink, (line) => line);

    expect(sink.written.join('')).toBe('ü€😀\n');
  });

  it('reads no further while the reader is slow', async () => {
    const sink = new Sink(false);
    let asked = 0;
    async function* source() {
      for (asked = 1; asked <= 3; asked += 1) yield Buffer.from(`${asked}\n`);
    }

    const done = answerLines(source(), sink, (line) => line);
    await new Promise(setImmediate);
    expect([asked, sink.written]).toEqual([1, ['1\n']]);

    sink.accepts = true;
    sink.emit('drain');
    await done;
    expect(sink.written.join('')).toBe('1\n2\n3\n');
  });
});

class Sink extends EventEmitter {
  readonly written: string[] = [];
  /** What `write` answers. */
  accepts: boolean;

  constructor(accepts = true) {
    super();
    this.accepts = accepts;
  }

  write(text: string): boolean {
    this.written.push(text);
    return this.accepts;
  }
}

async function* streamOf(chunks: readonly Uint8Array[]) {
  yield* chunks;
}
