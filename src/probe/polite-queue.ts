/** Work on many endpoints: begun in order as far as can be, so much at once, and so much of it at one host. */
export class PoliteQueue {
  readonly #limit: number;
  readonly #hostLimit: number;
  readonly #atHost = new Map<string, number>();
  #waiting: Waiting[] = [];
  #running = 0;

  /** @param limit of all, 1 or more
   *  @param hostLimit of one host, 1 or more */
  constructor(limit: number, hostLimit: number) {
    this.#limit = limit;
    this.#hostLimit = hostLimit;
  }

  async run<T>(host: string, work: () => Promise<T>): Promise<T> {
    const begun = new Promise<void>((resolve) => this.#waiting.push({ host, begin: resolve }));
    this.#beginWhatCan();
    await begun;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#count(host, -1);
      this.#beginWhatCan();
    }
  }

  /** Forgets all that has not begun. */
  stop(): void {
    this.#waiting = [];
  }

  #beginWhatCan(): void {
    const kept: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const { host, begin } = waiting;
      if (this.#running < this.#limit && (this.#atHost.get(host) ?? 0) < this.#hostLimit) {
        this.#running += 1;
        this.#count(host, 1);
        begin();
      } else kept.push(waiting);
    }
    this.#waiting = kept;
  }

  #count(host: string, change: 1 | -1): void {
    const count = (this.#atHost.get(host) ?? 0) + change;
    if (count > 0) this.#atHost.set(host, count);
    else this.#atHost.delete(host);
  }
}

interface Waiting {
  readonly host: string;
  readonly begin: () => void;
}
