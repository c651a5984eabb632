/** How a scan goes about: in few rounds, or with few connections. */
export interface Manner {
  /** Everything is asked at once, on a guess where need be: what matters is the distance. */
  readonly wide: boolean;
  /** Sizes of the parts in which suites, groups and schemes are offered that servers really take. */
  readonly mainstream: readonly number[];
  /** Sizes of the parts in which all others are offered; 124 at most, for old middleboxes break above. */
  readonly exotic: readonly number[];
}

/** Each hello asks one thing: two rounds on an endpoint that has nothing exotic. */
export const WIDE: Manner = { wide: true, mainstream: [1], exotic: [124, 4, 1] };

/** Where an answer costs nothing but work, the fewest hellos are the quickest, side by side. */
export const NEAR: Manner = { wide: false, mainstream: [20], exotic: [124] };

/** The fewest connections. */
export const GENTLE: Manner = { wide: false, mainstream: [124], exotic: [124] };

/** What suits an endpoint.
 *  @param answerMs how long its first answer took
 *  @param limit how many connections may be open at once */
export function mannerOf(gentle: boolean, answerMs: number, limit: number): Manner {
  if (gentle) return GENTLE;
  if (limit <= FEW_CONNECTIONS) return GENTLE;
  return answerMs < NEAR_MS ? NEAR : WIDE;
}

const FEW_CONNECTIONS = 4;
const NEAR_MS = 8;
