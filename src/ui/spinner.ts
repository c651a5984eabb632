import { isLively, type Terminal } from './terminal.js';

/** Changes what a spinner says. */
export type Tell = (text: string) => void;

/** Does the work, and shows that it goes on: a spinner on stderr, only on a terminal and only if it takes long.
 *  The spinner is gone from the screen when this returns, whatever became of the work. */
export async function withSpinner<T>(
  terminal: Terminal,
  text: string,
  work: (tell: Tell) => Promise<T>,
): Promise<T> {
  const { stderr } = terminal;
  if (!isLively(stderr, terminal) || !stderr.columns) return work(() => {}); // ora loops where lines have no end
  let spinner: Spinner | undefined;
  let latest = text;
  let done = false;
  const timer = setTimeout(async () => {
    const started = await startSpinner(terminal, latest);
    if (done) started.stop();
    else spinner = started;
  }, LONG_MS);
  try {
    return await work((next) => {
      latest = next;
      if (spinner) spinner.text = next;
    });
  } finally {
    done = true;
    clearTimeout(timer);
    spinner?.stop();
  }
}

type Spinner = { text: string; stop: () => unknown };

async function startSpinner({ stderr }: Terminal, text: string): Promise<Spinner> {
  const { default: ora } = await import('ora');
  return ora({ text, stream: stderr as NodeJS.WritableStream, discardStdin: false }).start();
}

/** What is over sooner needs no spinner, and ora is not loaded for it. */
const LONG_MS = 200;
