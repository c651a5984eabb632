/** A stream that text goes to: a terminal, a pipe or a file. `process.stdout` and `process.stderr` are such. */
export interface TextStream {
  readonly isTTY?: boolean;
  /** Characters a line, where it is a terminal. */
  readonly columns?: number;
  write(text: string | Uint8Array): unknown;
}

/** Where a command reads and writes, and what the environment says about it. `process` itself is one. */
export interface Terminal {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether a person can be asked: stdin and stderr are terminals, and this is no CI job. */
export function canAsk({ stdin, stderr, env }: Terminal): boolean {
  return stdin.isTTY === true && stderr.isTTY === true && !env['CI'];
}

/** Whether what is written there may move the cursor and have colours: a terminal that is not a dumb one. */
export function isLively(stream: TextStream, { env }: Pick<Terminal, 'env'>): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
