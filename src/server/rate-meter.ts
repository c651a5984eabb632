import type { RateLimit } from './server-settings.js';

/** Where somebody stands after one more request. */
export interface Measured {
  readonly isExceeded: boolean;
  readonly remaining: number;
  /** Until the next time begins, in whole seconds, at least one. */
  readonly resetSeconds: number;
}

/** Counts requests by who makes them, each in a time that begins with the first of them. It knows so many callers at most;
 *  whose time began first is forgotten first. */
export class RateMeter {
  readonly #limit: RateLimit;
  readonly #most: number;
  readonly #counts = new Map<string, Count>();

  constructor(limit: RateLimit, most = MOST_CALLERS) {
    this.#limit = limit;
    this.#most = most;
  }

  /** @param now Unix time in milliseconds */
  measure(caller: string, now: number): Measured {
    const { requests, windowMs } = this.#limit;
    const count = this.#countOf(caller, now);
    count.requests += 1;
    return {
      isExceeded: count.requests > requests,
      remaining: Math.max(0, requests - count.requests),
      resetSeconds: Math.max(1, Math.ceil((count.since + windowMs - now) / 1000)),
    };
  }

  #countOf(caller: string, now: number): Count {
    const known = this.#counts.get(caller);
    if (known !== undefined && now - known.since < this.#limit.windowMs && now >= known.since) return known;
    const count = { since: now, requests: 0 };
    this.#counts.delete(caller); // a Map keeps the order in which keys came, so the oldest time stands first
    this.#counts.set(caller, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > this.#most && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }
}

interface Count {
  readonly since: number;
  requests: number;
}

const MOST_CALLERS = 10_000;
