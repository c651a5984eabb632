import { isLively, type Terminal } from './terminal.js';

/** Does the work, and shows that it goes on: a spinner on stderr, only on a terminal and only if it takes long.
 *  The spinner is gone from the screen when this returns, whatever became of the work. */
export async function withSpinner<T>(terminal: Terminal, text: string, work: () => Promise<T>): Promise<T> {
  const { stderr } = terminal;
  if (!isLively(stderr, terminal) || !stderr.columns) return work(); // ora loops where lines have no end
  let stop: (() => void) | undefined;
  let done = false;
  const timer = setTimeout(async () => {
    const started = await startSpinner(terminal, text);
    if (done) started();
    else stop = started;
  }, LONG_MS);
  try {
    return await work();
  } finally {
    done = true;
    clearTimeout(timer);
    stop?.();
  }
}

async function startSpinner({ stderr }: Terminal, text: string): Promise<() => void> {
  const { default: ora } = await import('ora');
  const spinner = ora({ text, stream: stderr as NodeJS.WritableStream, discardStdin: false }).start();
  return () => spinner.stop();
}

/** What is over sooner needs no spinner, and ora is not loaded for it. */
const LONG_MS = 200;
