/** The word that was most likely meant, where one is at most three letters away. */
export function nearest(mistyped: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((word) => ({ word, distance: editDistance(mistyped, word) }))
    .sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= Math.min(3, mistyped.length - 1) ? best.word : undefined;
}

/** A hint that begins with the word that was most likely meant, where there is one.
 *  @param rest said in any case */
export function nearestFirst(mistyped: string, words: readonly string[], rest: string): string {
  const meant = nearest(mistyped, words);
  return meant === undefined ? rest : `Did you mean ${meant}? ${rest}`;
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
