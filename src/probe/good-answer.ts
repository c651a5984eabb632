import type { HttpAnswer } from '../tls/http-response.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import { sameBytes } from '../x509/der.js';
import type { DetourScene } from './detour.js';
import type { Sighting } from './proof-row.js';
import { isHttpRefusal } from './refusal.js';
import { sightingOf, textOf } from './sighting.js';

type Measured = Pick<DetourScene, 'good' | 'expect'>;

/** Whether an answer is the good client's own: the same status and body, or one that `--expect` matches. */
export function isGoods(answer: HttpAnswer | null, { good, expect }: Measured): boolean {
  const own = good.outcome.http;
  if (answer === null || own === null) return false;
  if (expect?.test(textOf(answer))) return true;
  return answer.status === own.status && sameBytes(answer.body, own.body);
}

/** What came of a detour, where only the good client's own answer means that it leads anywhere. Errors that everybody may get
 *  are no answer of anybody. */
export function sightingByAnswer(outcome: RequestOutcome, scene: Measured): Sighting {
  const { http } = outcome;
  const seen = sightingOf(outcome, { good: scene.good.outcome, expect: null });
  if (http === null || seen.observed === 'inconclusive') return seen;
  if (!isGoods(http, scene)) return refusedAnswer(http, 'not what good got');
  if (http.status >= 400 && !scene.expect?.test(textOf(http)))
    return {
      ...seen,
      observed: 'inconclusive',
      evidence: `HTTP ${http.status}, which good got too: ${TELLING}`,
    };
  return { ...seen, observed: 'accepted', evidence: `HTTP ${http.status}, the answer that good got` };
}

/** What came of a detour by somebody who is no client: let in as good is. Where strangers get an answer too, the good one's own
 *  tells; where they get that, words say that nothing can be told. */
export function sightingAgainstStranger(
  outcome: RequestOutcome,
  stranger: RequestOutcome,
  scene: Measured,
): Sighting | string {
  const measure = { good: scene.good.outcome, expect: scene.expect };
  if (sightingOf(stranger, measure).observed !== 'accepted') return sightingOf(outcome, measure);
  return isGoods(stranger.http, scene) ? SERVED_TO_ALL : sightingByAnswer(outcome, scene);
}

/** Whether somebody without a certificate gets what good gets anyway. */
export function isServedToAll(stranger: RequestOutcome, scene: Measured): boolean {
  return isGoods(stranger.http, scene) && !isHttpRefusal(stranger.http!);
}

/** An answer that does not let in. */
export function refusedAnswer(answer: HttpAnswer, more: string): Sighting {
  return {
    observed: 'refused',
    how: 'http',
    alert: null,
    httpStatus: answer.status,
    evidence: `HTTP ${answer.status}, ${more}`,
  };
}

export const SERVED_TO_ALL =
  'who shows no certificate gets the same answer here (see none): choose a --path that is for clients alone';
const TELLING = 'choose a --path that has an answer for clients alone';
