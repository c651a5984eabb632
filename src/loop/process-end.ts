import { constants } from 'node:os';

/** Has this done where the process ends before it was taken back: by `process.exit`, or by a signal that nobody else listens
 *  to, which would end it without another word. Nothing can be waited for in it.
 *  @returns takes it back */
export function beforeProcessEnds(work: () => void): () => void {
  if (pending.size === 0) listen();
  pending.add(work);
  return () => {
    pending.delete(work);
    if (pending.size === 0) unlisten();
  };
}

const pending = new Set<() => void>();
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let taken: NodeJS.Signals[] = [];

function listen(): void {
  process.on('exit', doAll);
  taken = SIGNALS.filter((signal) => process.listenerCount(signal) === 0);
  for (const signal of taken) process.on(signal, end);
}

function unlisten(): void {
  process.off('exit', doAll);
  for (const signal of taken) process.off(signal, end);
}

function doAll(): void {
  for (const work of pending) work();
}

function end(signal: NodeJS.Signals): void {
  process.exit(SIGNALLED + constants.signals[signal]);
}

/** What shells add to the number of the signal that ended a program. */
const SIGNALLED = 128;
