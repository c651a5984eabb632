import { alertName } from '../tls/alert.js';
import type { HttpAnswer } from '../tls/http-response.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import type { Sighting } from './proof-row.js';
import { isHttpRefusal, TROUBLED_STATUSES } from './refusal.js';

/** What an answer is held against. */
export interface Measure {
  /** What `good` got, where this is not `good` itself. */
  readonly good: RequestOutcome | null;
  /** What an answer to a client that was let in matches; null where any answer is one. */
  readonly expect: RegExp | null;
}

/** Tells what an endpoint made of a credential. Accepted is who got an answer; refused is who got an alert, a close without
 *  an octet, or a status that turns away and that `good` did not get. Everything else is no answer at all. */
export function sightingOf(outcome: RequestOutcome, measure: Measure): Sighting {
  const { ended, http, receivedBytes, certificateSent } = outcome;
  if (ended.kind === 'unreachable') return seen('inconclusive', `no connection: ${ended.code ?? ended.why}`);
  if (ended.kind === 'refused-locally')
    return seen('not-sent', `not sent by our own TLS library: ${ended.why}`);
  if (ended.kind === 'alert' && ended.alert === NO_APPLICATION_PROTOCOL)
    return seen(
      'inconclusive',
      `TLS alert ${alertName(ended.alert)} (${ended.alert}): it speaks another protocol`,
    );
  if (http !== null && TROUBLED_STATUSES.has(http.status)) return seenHttp('inconclusive', http, TROUBLE);
  if (certificateSent === false) {
    const what = 'the server did not ask for it, or not for such a key';
    return {
      ...seen('not-sent', `the certificate did not go out: ${what}`),
      httpStatus: http?.status ?? null,
    };
  }
  if (http !== null) return sightingOfHttp(http, measure);
  if (outcome.login !== null) return seen(LOGINS[outcome.login.verdict], outcome.login.said);
  if (receivedBytes > 0)
    return seen(measure.expect ? 'inconclusive' : 'accepted', `${receivedBytes} octets, not HTTP`);
  switch (ended.kind) {
    case 'alert':
      return refusedByAlert(ended.alert);
    case 'eof':
    case 'reset':
    case 'complete':
      return { ...seen('refused', 'closed without a byte of an answer'), how: 'closed' };
    case 'timeout':
      return seen('inconclusive', 'no answer in time');
    case 'tls-error':
      return seen('inconclusive', `TLS failed: ${ended.why}`);
  }
}

function sightingOfHttp(answer: HttpAnswer, { good, expect }: Measure): Sighting {
  if (isHttpRefusal(answer)) {
    const isGoods = good !== null && good.http?.status === answer.status;
    return isGoods ? seenHttp('inconclusive', answer, 'the same that good got') : refusedByHttp(answer);
  }
  if (expect === null || expect.test(textOf(answer))) return seenHttp('accepted', answer);
  if (good === null) return seenHttp('inconclusive', answer, 'the answer does not match --expect');
  return answer.whole && answer.status < 500
    ? refusedByHttp(answer, 'without what --expect looks for')
    : seenHttp('inconclusive', answer, 'without what --expect looks for');
}

function refusedByAlert(alert: number): Sighting {
  const name = alertName(alert);
  return { ...seen('refused', `TLS alert ${name} (${alert})`), how: 'alert', alert: name };
}

function refusedByHttp(answer: HttpAnswer, more?: string): Sighting {
  return { ...seenHttp('refused', answer, more), how: 'http' };
}

function seenHttp(observed: Sighting['observed'], { status, title }: HttpAnswer, more?: string): Sighting {
  const page = title === null || !title.startsWith('400 ') ? '' : ` ("${title.slice(0, 80)}")`;
  const evidence = `HTTP ${status}${page}${more === undefined ? '' : `, ${more}`}`;
  return { ...seen(observed, evidence), httpStatus: status };
}

function seen(observed: Sighting['observed'], evidence: string): Sighting {
  return { observed, how: null, alert: null, httpStatus: null, evidence };
}

/** The status line, the header fields and the body, for a regular expression to look through. */
export function textOf({ status, headers, body }: HttpAnswer): string {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP ${status}`, ...fields, '', Buffer.from(body).toString('utf8')].join('\n');
}

const TROUBLE = 'which is a rate limit or a dead backend, and no word on the certificate';
const LOGINS = { in: 'accepted', refused: 'refused', untold: 'inconclusive' } as const;
/** RFC 7301 §3.2 */
const NO_APPLICATION_PROTOCOL = 120;
