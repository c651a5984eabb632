import { describe, expect, it } from 'vitest';
import { sightingOf } from '../../src/probe/sighting.js';
import type { RequestOutcome } from '../../src/tls/request-outcome.js';

const outcome = (change: Partial<RequestOutcome>): RequestOutcome => ({
  handshake: 'completed',
  ended: { kind: 'complete' },
  protocol: 'TLSv1.3',
  cipherSuite: null,
  alpn: null,
  resumed: false,
  authorized: false,
  peerCertificates: [],
  certificateSent: true,
  renegotiated: false,
  http: null,
  login: null,
  receivedBytes: 0,
  session: null,
  ...change,
});
const http = (status: number, title: string | null = null, body = 'hello', whole = true): RequestOutcome =>
  outcome({
    http: { status, headers: { server: 'x' }, body: Buffer.from(body), title, whole },
    receivedBytes: 100,
  });
const NONE = { good: null, expect: null };
const GOOD = { good: http(200), expect: null };
const PAGES = ['400 No required SSL certificate was sent', '400 The SSL certificate error'];

describe('what came of a credential', () => {
  it.each<[string, RequestOutcome, object]>([
    [
      'an alert',
      outcome({ ended: { kind: 'alert', alert: 45 } }),
      { observed: 'refused', how: 'alert', alert: 'certificate_expired' },
    ],
    ['a close without a byte', outcome({ ended: { kind: 'eof' } }), { observed: 'refused', how: 'closed' }],
    ['a reset without a byte', outcome({ ended: { kind: 'reset' } }), { observed: 'refused', how: 'closed' }],
    ["nginx's page for none", http(400, PAGES[0]), { observed: 'refused', how: 'http', httpStatus: 400 }],
    [
      "nginx's page for a bad one",
      http(400, PAGES[1]),
      { observed: 'refused', how: 'http', httpStatus: 400 },
    ],
    ...[401, 403, 421, 495, 496].map((status): [string, RequestOutcome, object] => [
      `HTTP ${status}`,
      http(status),
      { observed: 'refused', how: 'http', httpStatus: status },
    ]),
    ...[200, 204, 302, 400, 404, 500].map((status): [string, RequestOutcome, object] => [
      `HTTP ${status}`,
      http(status),
      { observed: 'accepted', how: null, httpStatus: status },
    ]),
    ...[429, 502, 503, 504].map((status): [string, RequestOutcome, object] => [
      `HTTP ${status}`,
      http(status),
      { observed: 'inconclusive', how: null },
    ]),
    [
      'bytes that are no HTTP, then an alert',
      outcome({ receivedBytes: 3, ended: { kind: 'alert', alert: 40 } }),
      { observed: 'accepted' },
    ],
    ['a timeout', outcome({ ended: { kind: 'timeout' } }), { observed: 'inconclusive' }],
    ['a fault of TLS', outcome({ ended: { kind: 'tls-error', why: 'x' } }), { observed: 'inconclusive' }],
    [
      'no connection',
      outcome({
        ended: { kind: 'unreachable', why: 'refused', code: 'ECONNREFUSED' },
        certificateSent: false,
      }),
      { observed: 'inconclusive' },
    ],
    [
      'a certificate that did not go out, and an alert',
      outcome({ certificateSent: false, ended: { kind: 'alert', alert: 116 } }),
      { observed: 'not-sent', how: null },
    ],
    [
      'a certificate that did not go out, and a page',
      { ...http(200), certificateSent: false },
      { observed: 'not-sent', httpStatus: 200 },
    ],
    [
      'what OpenSSL would not send',
      outcome({ ended: { kind: 'refused-locally', why: 'x' } }),
      { observed: 'not-sent' },
    ],
  ])('%s', (_what, seen, expected) => expect(sightingOf(seen, GOOD)).toMatchObject(expected));

  it('a status that good got too is no refusal', () => {
    expect(sightingOf(http(403), { good: http(403), expect: null })).toMatchObject({
      observed: 'inconclusive',
    });
  });

  it('no certificate at all may be let in or not', () => {
    expect(sightingOf({ ...http(200), certificateSent: null }, NONE)).toMatchObject({ observed: 'accepted' });
  });
});

describe('with --expect', () => {
  const measure = { good: http(200), expect: /whoami: alice/ };

  it.each<[string, RequestOutcome, string]>([
    ['what good gets', http(200, null, 'whoami: alice'), 'accepted'],
    ['a page without it', http(200, null, 'whoami: nobody'), 'refused'],
    ['half a page without it', http(200, null, 'who', false), 'inconclusive'],
    ['an application that broke', http(500, null, 'oops'), 'inconclusive'],
    ['octets that are no HTTP', outcome({ receivedBytes: 3, ended: { kind: 'eof' } }), 'inconclusive'],
  ])('%s', (_what, seen, observed) => expect(sightingOf(seen, measure)).toMatchObject({ observed }));

  it('good without it proves nothing', () => {
    expect(sightingOf(http(200), { ...measure, good: null })).toMatchObject({ observed: 'inconclusive' });
  });
});
