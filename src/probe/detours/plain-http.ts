import { titleOf } from '../../tls/http-response.js';
import { plainHttp } from '../../tls/plain-http.js';
import { joinedFields, readRequestHead } from '../../tls/request-head.js';
import { unanswered } from '../../tls/request-outcome.js';
import type { Detour, DetourScene, Trial } from '../detour.js';
import { isServedToAll, refusedAnswer, SERVED_TO_ALL, sightingByAnswer } from '../good-answer.js';
import type { Sighting } from '../proof-row.js';

/** What is served without TLS asks nobody for a certificate. */
export const plainHttpDetour: Detour = {
  id: 'plain-http',
  title: 'Serves nothing of it over plain HTTP',
  citation: 'CWE-319; RFC 9110 §4.2.2',
  expected: 'refuse',
  severity: 'high',
  scope: 'path',
  take: async (scene) => {
    const { target } = scene.connections;
    if (target.starttls !== undefined) return 'TLS begins after STARTTLS here, not over HTTP';
    if (scene.good.outcome.http === null) return 'good got no HTTP answer to compare with';
    if (isServedToAll(await scene.stranger, scene)) return SERVED_TO_ALL;
    const ports = target.port === HTTPS ? [target.port, HTTP] : [target.port];
    return Promise.all(ports.map((port) => tried(scene, port)));
  },
};

function tried(scene: DetourScene, port: number): Promise<Trial> {
  const head = readRequestHead(scene.request);
  return scene.connections.use(async (target, timeoutMs): Promise<Trial> => {
    const outcome = await plainHttp({
      target: { ...target, port },
      method: 'GET',
      path: head.path,
      headers: { ...joinedFields(head), host: head.authority },
      timeoutMs: Math.min(timeoutMs, PLAIN_TIMEOUT_MS),
      maxBytes: MAX_BODY_BYTES,
    });
    const what = `port ${port}`;
    if (outcome.kind !== 'answer') return { what, alpn: null, sighting: refusal(outcome.kind, outcome.why) };
    const { status, headers, body, whole } = outcome;
    const http = { status, headers, body, title: titleOf(body), whole };
    if (status === 400 || (status >= 300 && status < 400))
      return { what, alpn: null, sighting: refusedAnswer(http, 'no answer of its own') };
    return {
      what,
      alpn: null,
      sighting: sightingByAnswer({ ...unanswered({ kind: 'complete' }), http }, scene),
    };
  });
}

/** A port that answers a request in clear by nothing, or by TLS, serves nothing in clear; one that says nothing may yet. */
function refusal(kind: 'unreachable' | 'broken', why: string): Sighting {
  const evidence = kind === 'unreachable' ? `no connection: ${why}` : `no answer in clear: ${why}`;
  if (kind === 'broken' && why === SILENCE)
    return { observed: 'inconclusive', how: null, alert: null, httpStatus: null, evidence };
  return { observed: 'refused', how: 'closed', alert: null, httpStatus: null, evidence };
}

/** As plainHttp words it. */
const SILENCE = 'no answer in time';
const HTTPS = 443;
const HTTP = 80;
/** A TLS server may wait for the rest of a hello that never comes, as long as it likes; a busy one takes its time for a no. */
const PLAIN_TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 65_536;
