import { refusalTitle } from './page/live-counts.js';
import type { ClientRefusalCode, RefusedMoreEvent, ServerEvent } from './server-event.js';

/** Lets so many refusals of each code through in a second, and tells of the rest how many they were: a flood fills no disk.
 *  The clock is that of the events. */
export class LogLimit {
  readonly #perSecond: number;
  readonly #seen = new Map<ClientRefusalCode, number>();
  #since = Number.NEGATIVE_INFINITY;

  constructor(perSecond = LINES_PER_SECOND) {
    this.#perSecond = perSecond;
  }

  /** What to log when something happens: of the second before what was kept back, then the event, unless it is kept back. */
  take(event: ServerEvent): ServerEvent[] {
    const now = event.at.getTime();
    const before = now - this.#since >= WINDOW_MS || now < this.#since ? this.rest(event.at) : [];
    if (event.kind !== 'refused') return [...before, event];
    if (this.#seen.size === 0) this.#since = now;
    const seen = (this.#seen.get(event.code) ?? 0) + 1;
    this.#seen.set(event.code, seen);
    return seen > this.#perSecond ? before : [...before, event];
  }

  /** Whether anything was kept back since that was last told. */
  get isHolding(): boolean {
    return [...this.#seen.values()].some((seen) => seen > this.#perSecond);
  }

  /** What was kept back until now; the next second begins with what happens next. */
  rest(at: Date): RefusedMoreEvent[] {
    const rest = [...this.#seen]
      .filter(([, seen]) => seen > this.#perSecond)
      .map(([code, seen]): RefusedMoreEvent => {
        const message = refusalTitle(code);
        return { kind: 'refused-more', at, code, count: seen - this.#perSecond, message };
      });
    this.#seen.clear();
    return rest;
  }
}

/** A log that is written to through a limit. */
export interface LimitedLog {
  readonly log: (event: ServerEvent) => void;
  /** Writes what was kept back. */
  readonly end: () => void;
}

export function limitedLog(write: (event: ServerEvent) => void): LimitedLog {
  const limit = new LogLimit();
  let timer: NodeJS.Timeout | null = null;
  const end = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const event of limit.rest(new Date())) write(event);
  };
  return {
    log: (event) => {
      for (const one of limit.take(event)) write(one);
      if (timer === null && limit.isHolding) timer = setTimeout(end, WINDOW_MS).unref();
    },
    end,
  };
}

const WINDOW_MS = 1_000;
const LINES_PER_SECOND = 20;
