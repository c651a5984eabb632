/** How long requests took, in buckets: what a histogram of Prometheus is made of, at the cost of one addition. */
export class RequestDurations {
  /** Upper bounds in seconds, both ends of the list apart: the last bucket takes the rest. */
  readonly bounds: readonly number[];
  readonly #counts: Float64Array;
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = new Float64Array(bounds.length + 1);
  }

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && seconds > this.bounds[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    this.#sum += seconds;
  }

  /** As Prometheus counts: each bucket holds those below it too; the last, `+Inf`, is the count of all. */
  cumulative(): ReadonlyArray<{ readonly le: number | '+Inf'; readonly count: number }> {
    let count = 0;
    return [...this.bounds, '+Inf' as const].map((le, at) => {
      count += this.#counts[at]!;
      return { le, count };
    });
  }

  /** Of all of them, in seconds. */
  get sum(): number {
    return this.#sum;
  }
}
