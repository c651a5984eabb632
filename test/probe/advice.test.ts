import { describe, expect, it } from 'vitest';
import { CREDENTIALS } from '../../src/credentials/index.js';
import { CAUSES } from '../../src/probe/advice/causes.js';
import { likelierByClose, likelyServers, SERVERS } from '../../src/probe/advice/likely-server.js';
import { LINES, linesToChange } from '../../src/probe/advice/lines-to-change.js';
import { TOPICS } from '../../src/probe/advice/server-lines.js';
import { DETOURS } from '../../src/probe/detour-list.js';
import { adviceOnAccepted, adviceOnGood, type ProofAdvice } from '../../src/probe/proof-advice.js';
import type { HttpAnswer } from '../../src/tls/http-response.js';
import { type RequestOutcome, unanswered } from '../../src/tls/request-outcome.js';

const IDS = [...CREDENTIALS, ...DETOURS].map(({ id }) => id);
const advice = (change: Partial<ProofAdvice> = {}): ProofAdvice => ({
  requested: true,
  othersOnly: [],
  crls: [],
  likely: [],
  at: new Date('2026-06-01T00:00:00Z'),
  ...change,
});
const answer = (status: number, server?: string, title: string | null = null): HttpAnswer => ({
  status,
  headers: server === undefined ? {} : { server },
  body: new Uint8Array(),
  title,
  whole: true,
});
const stranger = (change: Partial<RequestOutcome>): RequestOutcome => ({
  ...unanswered({ kind: 'complete' }),
  ...change,
});

describe('advice', () => {
  it('is there for every credential and every way around, and for nothing else', () => {
    expect(Object.keys(CAUSES).sort()).toEqual([...IDS].sort());
  });

  it.each(IDS)('on %s names a cause and the line to change for at least three kinds of server', (id) => {
    const told = adviceOnAccepted(id, advice());

    expect(told).toMatch(/^[^(]{20,}/);
    expect(SERVERS.filter((kind) => told.includes(`${LINES[kind].name}: `)).length).toBeGreaterThanOrEqual(3);
  });

  it('has a line of nginx, Apache, HAProxy, Caddy, Envoy and Node wherever they can require a certificate', () => {
    for (const topic of ['require', 'verify', 'ca', 'crl'] as const)
      for (const kind of SERVERS) expect(LINES[kind].lines[topic], `${kind} ${topic}`).toBeDefined();
  });

  it('has a use for every topic', () => {
    const used = new Set<string>([...Object.values(CAUSES).map(({ topic }) => topic), 'ca']);

    expect([...used].sort()).toEqual([...TOPICS].sort());
  });

  it.each(['revoked', 'revoked-latest', 'revoked-issuer', 'resumed-after-revocation'])(
    'on %s says that our CRL may never have got there',
    (id) => {
      expect(adviceOnAccepted(id, advice())).toContain('deploy crl-chain.pem first');
    },
  );

  it('says that no certificate is asked for, where none is', () => {
    expect(adviceOnAccepted('none', advice({ requested: false }))).toMatch(/^no certificate is asked for \(/);
  });

  it('begins with the line for the server that it seems to be', () => {
    expect(adviceOnAccepted('expired', advice({ likely: ['haproxy'] }))).toMatch(/\(HAProxy: no 9, 10/);
    expect(linesToChange('require', ['envoy'])).toMatch(/^Envoy: .*; nginx: /);
  });

  it('is for PostgreSQL alone where that is what is spoken', () => {
    const told = adviceOnAccepted('revoked', advice({ likely: ['postgres'] }));

    expect(told).toContain("(PostgreSQL: `ssl_crl_file = 'crl-chain.pem'`, and reload)");
    expect(told).not.toContain('nginx');
  });

  it('on good begins with Node where the server closes without a word', () => {
    const closed = {
      observed: 'refused',
      how: 'closed',
      alert: null,
      httpStatus: null,
      evidence: '',
    } as const;

    expect(adviceOnGood(closed, advice())).toMatch(/reload it: Node: /);
  });
});

describe('the kind of server is told', () => {
  it.each([
    ['nginx/1.22.1', 'nginx'],
    ['openresty', 'nginx'],
    ['Apache/2.4.71 (Debian)', 'apache'],
    ['Caddy', 'caddy'],
    ['envoy', 'envoy'],
  ])('by its Server field %s', (server, kind) => {
    expect(likelyServers([answer(200, server)], [])).toEqual([kind]);
  });

  it('by nginx’s own page, where it hides its name', () => {
    const page = answer(400, undefined, '400 No required SSL certificate was sent');

    expect(likelyServers([], [stranger({ http: page })])).toEqual(['nginx']);
  });

  it.each([
    [42, 'caddy'],
    [116, 'haproxy'],
    [40, 'haproxy'],
  ])('by alert %i to who shows no certificate', (alert, kind) => {
    expect(likelyServers([], [stranger({ ended: { kind: 'alert', alert } })])[0]).toBe(kind);
  });

  it('by nothing, where nothing tells', () => {
    expect(likelyServers([answer(200, 'acme')], [])).toEqual([]);
  });

  it('as Node’s, by a close in answer to a bad certificate, unless its name is known', () => {
    expect(likelierByClose(['haproxy', 'apache', 'node', 'envoy'])[0]).toBe('node');
    expect(likelierByClose(['nginx'])).toEqual(['nginx']);
  });
});
