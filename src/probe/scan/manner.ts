import { OFFER_SIZE, type SuiteTiers } from './offers.js';

/** How a scan goes about: in few rounds, or with few connections. */
export interface Manner {
  /** Everything is asked at once, on a guess where need be: what matters is the distance. */
  readonly wide: boolean;
  /** Sizes of the parts in which suites are offered, tier by tier; null where they are all one list. An offer has 124 at
   *  most, for old middleboxes break above. */
  readonly suites: Readonly<Record<keyof SuiteTiers, readonly number[]>> | null;
}

/** Two rounds on an up-to-date endpoint: each hello asks for one thing that it may well have, or for many that it has not. */
export const WIDE: Manner = {
  wide: true,
  suites: { modern: [1], legacy: [4, 1], exotic: [OFFER_SIZE, 4, 1], outlandish: [OFFER_SIZE, 8, 1] },
};

/** Where an answer costs nothing but work, the fewest hellos are the quickest, several lists side by side. */
export const NEAR: Manner = {
  wide: false,
  suites: { modern: [OFFER_SIZE], legacy: [OFFER_SIZE], exotic: [OFFER_SIZE], outlandish: [OFFER_SIZE] },
};

/** The fewest connections. */
export const GENTLE: Manner = { wide: false, suites: null };

/** What suits an endpoint.
 *  @param answerMs how long its first answer took
 *  @param limit how many connections may be open at once */
export function mannerOf(gentle: boolean, answerMs: number, limit: number): Manner {
  if (gentle) return GENTLE;
  if (limit <= FEW_CONNECTIONS) return GENTLE;
  return answerMs < NEAR_MS ? NEAR : WIDE;
}

const FEW_CONNECTIONS = 4;
const NEAR_MS = 12;
