/** Counts by the values of a few labels, of which there are few each. */
export class Tally<Values extends readonly string[]> {
  readonly #counted = new Map<string, { readonly values: Values; count: number }>();

  add(...values: Values): void {
    this.#entry(values).count += 1;
  }

  /** Adds one whenever it is called, without looking for these labels again. */
  counter(...values: Values): () => void {
    const entry = this.#entry(values);
    return () => {
      entry.count += 1;
    };
  }

  /** In the order in which they came up. */
  all(): ReadonlyArray<{ readonly values: Values; readonly count: number }> {
    return [...this.#counted.values()];
  }

  #entry(values: Values): { readonly values: Values; count: number } {
    const key = values.join(' ');
    const known = this.#counted.get(key);
    if (known !== undefined) return known;
    const entry = { values, count: 0 };
    this.#counted.set(key, entry);
    return entry;
  }

  /** How many there are of those that are asked for. */
  sum(isMeant: (values: Values) => boolean = () => true): number {
    return this.all().reduce((sum, { values, count }) => (isMeant(values) ? sum + count : sum), 0);
  }
}
