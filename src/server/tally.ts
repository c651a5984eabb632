/** Counts by the values of a few labels, of which there are few each. */
export class Tally<Values extends readonly string[]> {
  readonly #counted = new Map<string, { readonly values: Values; count: number }>();

  add(...values: Values): void {
    const key = values.join(' ');
    const counted = this.#counted.get(key);
    if (counted === undefined) this.#counted.set(key, { values, count: 1 });
    else counted.count += 1;
  }

  /** In the order in which they came up. */
  all(): ReadonlyArray<{ readonly values: Values; readonly count: number }> {
    return [...this.#counted.values()];
  }

  /** How many there are of those that are asked for. */
  sum(isMeant: (values: Values) => boolean = () => true): number {
    return this.all().reduce((sum, { values, count }) => (isMeant(values) ? sum + count : sum), 0);
  }
}
