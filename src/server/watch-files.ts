import { type BigIntStats, statSync } from 'node:fs';

/** Looks after something that others write. */
export interface Watch {
  /** Looks at once, and acts whether anything has changed or not. */
  look(): Promise<void>;
  /** Once it no longer acts. */
  stop(): Promise<void>;
}

/** Acts whenever a state is another than before. It is looked at in short intervals, which also sees what is behind links and on
 *  file systems that tell of no change. Where acting fails, it is tried again with the next look.
 *  @param act never runs twice at once; it is told whether somebody asked for it */
export function watch(
  state: () => string | Promise<string>,
  act: (isAsked: boolean) => Promise<void> | void,
  intervalMs = INTERVAL_MS,
): Watch {
  let seen: Promise<string | null> | string | null = state();
  let turn: Promise<void> = Promise.resolve();
  const look = (isAsked: boolean): Promise<void> => {
    turn = turn.then(async () => {
      try {
        const now = await state();
        if (now === (await seen) && !isAsked) return;
        await act(isAsked);
        seen = now; // what changed meanwhile is another state at the next look
      } catch {
        seen = null;
      }
    });
    return turn;
  };
  const timer = setInterval(() => void look(false), intervalMs);
  timer.unref();
  return {
    look: () => look(true),
    stop: () => {
      clearInterval(timer);
      return turn;
    },
  };
}

/** Another text whenever a file was written, replaced, or is there again or gone. */
export function fileState(path: string): string {
  const stats = statsOf(path);
  if (typeof stats === 'string') return `${path} ${stats}`;
  return [path, stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join();
}

/** Another text whenever another file lies there; what is written into the same one is no change. */
export function fileIdentity(path: string): string {
  const stats = statsOf(path);
  return typeof stats === 'string' ? `${path} ${stats}` : [path, stats.dev, stats.ino].join();
}

/** Or in a word why there are none: a folder above may be shut, or no folder any more. */
function statsOf(path: string): BigIntStats | string {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false }) ?? 'gone';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'gone';
  }
}

const INTERVAL_MS = 250;
