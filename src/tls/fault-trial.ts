import type { Limits, Target, Unreachable } from './connect.js';
import { connect, DEFAULT_LIMITS } from './connect.js';
import { Connection } from './connection.js';
import { type Ending, endingOf } from './ending.js';
import { RecordLayer } from './record-layer.js';

/** What came of trying a server for a fault of its implementation. `not-seen`: it behaved as one without the fault does. */
export type FaultTrial = { readonly kind: 'seen' | 'not-seen'; readonly evidence: string } | Untold;

/** A trial that came to nothing: how the connection ended before it told, or why what came tells nothing. */
export interface Untold {
  readonly kind: 'untold';
  readonly ended: Ending | Unreachable | { readonly kind: 'unclear'; readonly why: string };
}

/** Has something done over a connection that is opened for it, within so many milliseconds. */
export type UseConnection = <T>(work: (target: Target, timeoutMs: number) => Promise<T>) => Promise<T>;

export function seen(evidence: string): FaultTrial {
  return { kind: 'seen', evidence };
}

export function notSeen(evidence: string): FaultTrial {
  return { kind: 'not-seen', evidence };
}

export function unclear(why: string): Untold {
  return { kind: 'untold', ended: { kind: 'unclear', why } };
}

/** Talks over a connection of its own, which is closed (RST) afterwards. Never rejects for what a peer did:
 *  how it ended the talk is told as `untold`. */
export async function talkOver<T>(
  target: Target,
  limits: Partial<Limits>,
  talk: (layer: RecordLayer) => Promise<T>,
): Promise<T | Untold> {
  const all: Limits = { ...DEFAULT_LIMITS, ...limits };
  const opened = await connect(target, all);
  if (opened.kind !== 'opened') return { kind: 'untold', ended: opened };
  const connection = new Connection(opened, all.maxBytes);
  try {
    return await talk(new RecordLayer(connection, all));
  } catch (error) {
    return { kind: 'untold', ended: endingOf(error) };
  } finally {
    connection.close();
  }
}

/** What comes within so many milliseconds; null for silence. The promise may be waited for again. */
export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, milliseconds, null);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** How long a server may be silent before that is its answer, in milliseconds. */
export const SILENCE_MS = 1_000;
