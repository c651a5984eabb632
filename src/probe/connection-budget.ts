/** How many connections may be open at once over several endpoints. A place that becomes free goes to the endpoint that
 *  has waited longest. */
export class ConnectionBudget {
  readonly #waiting = new Set<() => void>();
  #free: number;

  /** @param limit 1 or more */
  constructor(limit: number) {
    this.#free = limit;
  }

  /** Takes a place; false where there is none.
   *  @param ask called once there is one: to ask again, not to have it */
  take(ask: () => void): boolean {
    if (this.#free > 0) {
      this.#free -= 1;
      return true;
    }
    this.#waiting.add(ask);
    return false;
  }

  /** Gives a place back. */
  give(): void {
    this.#free += 1;
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    next();
  }
}
