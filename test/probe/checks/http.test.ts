import { describe, expect, it } from 'vitest';
import type { HttpFacts, PlainFacts } from '../../../src/probe/http-facts.js';
import type { Observations } from '../../../src/probe/observations.js';
import type { PlainOutcome } from '../../../src/tls/plain-http.js';
import { finding } from './observed-chains.js';

type Headers = Record<string, string>;
const page = (path: string, headers: Headers, status = 200): HttpFacts['answers'][number] => ({
  path,
  answer: { status, headers, body: new Uint8Array(), title: null, whole: true },
});
const observed = (answers: HttpFacts['answers'], plain?: PlainFacts): Observations =>
  ({
    name: { type: 'dns', value: 'api.test' },
    http: { answers, plain: plain ?? { kind: 'not-asked', why: 'not 443' } },
    policy: null,
  }) as unknown as Observations;
const judged = (id: string, headers: Headers, status = 200) =>
  finding(id, observed([page('/', headers, status)]));

describe('Strict-Transport-Security', () => {
  it.each([
    ['max-age=15768000', 'pass'],
    ['max-age=15767999', 'fail'],
    ['max-age=63072000; includeSubDomains; preload', 'pass'],
    ['MAX-AGE="31536000"', 'pass'],
    ['includeSubDomains; max-age = 31536000', 'pass'],
    ['max-age=0', 'fail'],
    ['includeSubDomains', 'fail'],
    ['max-age=31536000; max-age=0', 'fail'],
    ['max-age=0, max-age=31536000', 'fail'],
    ['max-age=-1', 'fail'],
    ['max-age=1e9', 'fail'],
  ])('%s', (field, status) => {
    expect(judged('sends-hsts', { 'strict-transport-security': field }).status).toBe(status);
  });

  it('that is missing is a fault of an answer, and tells nothing on an error', () => {
    expect(judged('sends-hsts', {}).status).toBe('fail');
    expect(judged('sends-hsts', {}, 301).status).toBe('fail');
    expect(judged('sends-hsts', {}, 400).status).toBe('inconclusive');
  });

  it('is for names, not for addresses', () => {
    const byAddress = { ...observed([page('/', {})]), name: { type: 'ip', value: '10.0.0.7' } as const };

    expect(finding('sends-hsts', byAddress).status).toBe('not-applicable');
  });

  it('is wanted of every path', () => {
    const field = { 'strict-transport-security': 'max-age=31536000' };

    expect(finding('sends-hsts', observed([page('/', field), page('/api', {})]))).toEqual({
      status: 'fail',
      evidence: '/api: there is none',
    });
  });
});

describe('a server that speaks no HTTP', () => {
  it.each(['sends-hsts', 'hides-server-version', 'cookies-secure'])('is not asked for: %s', (id) => {
    expect(finding(id, observed([])).status).toBe('not-applicable');
  });
});

describe('a banner', () => {
  it.each<[Headers, string]>([
    [{ server: 'nginx/1.22.1' }, 'fail'],
    [{ server: 'nginx' }, 'pass'],
    [{}, 'pass'],
    [{ server: 'nginx', 'x-powered-by': 'PHP/8.2.7' }, 'fail'],
    [{ 'x-powered-by': 'Express' }, 'pass'],
  ])('%o', (headers, status) => {
    expect(judged('hides-server-version', headers).status).toBe(status);
  });
});

describe('a cookie', () => {
  it.each([
    ['session=1; Secure; HttpOnly', 'pass', 'session'],
    ['session=1; HttpOnly', 'fail', 'without Secure: session'],
    ['session=1; secure', 'pass', 'session'],
    ['session=1; Path=/secure', 'fail', 'without Secure: session'],
    ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure, b=2; Secure', 'pass', 'a, b'],
    ['a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Secure, b=2', 'fail', 'without Secure: b'],
  ])('%s', (field, status, evidence) => {
    expect(judged('cookies-secure', { 'set-cookie': field })).toEqual({ status, evidence });
  });

  it('that is not set is no finding', () => {
    expect(judged('cookies-secure', {}).status).toBe('not-applicable');
  });
});

describe('port 80', () => {
  const answered = (status: number, location?: string): PlainOutcome => ({
    kind: 'answer',
    status,
    headers: location === undefined ? {} : { location },
    body: new Uint8Array(),
    whole: true,
  });
  const asked = (...outcomes: PlainOutcome[]) =>
    finding(
      'redirects-plain-http',
      observed([], {
        kind: 'asked',
        pages: outcomes.map((outcome, at) => ({ path: at === 0 ? '/' : `/${at}`, outcome })),
      }),
    );

  it.each<[string, PlainOutcome, string]>([
    ['leads to TLS', answered(301, 'https://api.test/'), 'pass'],
    ['leads to TLS, in capitals', answered(308, 'HTTPS://api.test/'), 'pass'],
    ['leads nowhere near it', answered(301, 'http://www.api.test/'), 'fail'],
    ['leads to a path of its own', answered(302, '/login'), 'fail'],
    ['serves in clear', answered(200), 'fail'],
    ['serves nothing', answered(404), 'pass'],
    ['is in trouble', answered(503), 'inconclusive'],
    ['says no HTTP', { kind: 'broken', why: 'HPE_INVALID_CONSTANT' }, 'inconclusive'],
    ['is closed', { kind: 'unreachable', why: 'ECONNREFUSED' }, 'not-applicable'],
  ])('%s', (_what, outcome, status) => {
    expect(asked(outcome).status).toBe(status);
  });

  it('is judged by its worst path', () => {
    expect(asked(answered(301, 'https://api.test/'), answered(200))).toEqual({
      status: 'fail',
      evidence: '/1: HTTP 200 on port 80: served in clear',
    });
  });

  it('is not asked for another port than 443', () => {
    expect(finding('redirects-plain-http', observed([]))).toEqual({
      status: 'not-applicable',
      evidence: 'not 443',
    });
  });
});
