/** One look at the clocks, for all that a request has to know of the time: each look costs it. */
export interface Moment {
  /** Unix time in milliseconds: what certificates and people go by. */
  readonly unix: number;
  /** Milliseconds since the process began, which nobody sets back: how long something took. */
  readonly uptime: number;
}

export function momentNow(): Moment {
  return { unix: Date.now(), uptime: performance.now() };
}
