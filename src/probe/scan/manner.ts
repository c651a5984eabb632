/** How a scan goes about: in few rounds, or with few connections. */
export type Manner = 'wide' | 'near' | 'gentle';

/** What suits an endpoint. `wide`: everything is asked at once, on a guess where need be, for what matters is the distance. `near`:
 *  where an answer costs nothing but work, the fewest hellos are the quickest, several lists side by side. `gentle`: the fewest
 *  connections.
 *  @param answerMs how long its first answer took
 *  @param limit how many connections may be open at once */
export function mannerOf(gentle: boolean, answerMs: number, limit: number): Manner {
  if (gentle || limit <= FEW_CONNECTIONS) return 'gentle';
  return answerMs < NEAR_MS ? 'near' : 'wide';
}

const FEW_CONNECTIONS = 4;
const NEAR_MS = 6;
