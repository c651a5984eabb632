import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessRules } from '../../src/server/access-rules.js';
import type { RunningServer } from '../../src/server/listener.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { metricFaults } from '../report/readers.js';
import { type ApiLab, apiLab, type ClientFiles, curl, open } from './api-lab.js';

const hasCurl = peer('curl');
let lab: ApiLab;
let alice: ClientFiles;

beforeAll(async () => {
  lab = await apiLab();
  alice = await lab.issue('alice');
});
beforeEach(() => {
  lab.events.length = 0;
});
afterEach(() => lab.stopServers());
afterAll(() => lab?.remove());

const EVERYTHING = accessRules({ rules: [{ identity: '*', methods: ['*'], paths: ['*'] }] });

interface QueryAnswer {
  readonly data?: { readonly result: ReadonlyArray<{ readonly metric: Record<string, string> }> };
}

/** The samples, by their name and labels. */
async function scrape(server: RunningServer): Promise<Map<string, number>> {
  const { status, body } = await curl(lab, server, alice, '/metrics');
  expect(status).toBe(200);
  return samplesOf(body);
}

function samplesOf(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

function unixSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

describe.skipIf(!hasCurl)('/metrics', () => {
  it.skipIf(!peer('promtool'))('is what promtool takes, with nothing to say against it', async () => {
    const server = await lab.start({ access: EVERYTHING });
    await curl(lab, server, alice);

    const { body } = await curl(lab, server, alice, '/metrics', '-i');

    expect(body).toMatch(/^content-type: text\/plain; version=0\.0\.4; charset=utf-8\r$/im);
    expect(metricFaults(body.slice(body.indexOf('# HELP')))).toEqual([]);
  });

  it.skipIf(!peer('prometheus'))('is read by Prometheus, as the README sets it up', async () => {
    const server = await lab.start();
    await lab.issue('prometheus');
    const snippet = /( {4}scrape_configs:\n(?: {4}.*\n)+)/.exec(readFileSync('README.md', 'utf8'))![1]!;
    const folder = mkdtempSync(join(lab.folder, 'prometheus-'));
    const configuration = snippet
      .replace(/^ {4}/gm, '')
      .replaceAll(' pki/', ` ${join(lab.folder, 'pki')}/`)
      .replace('localhost:8443', `localhost:${server.address.port}`);
    const config = join(folder, 'prometheus.yml');
    writeFileSync(config, `global: { scrape_interval: 1s }\n${configuration}`);

    const port = await freePort();
    const prometheus = spawn('prometheus', [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    const ended = once(prometheus, 'exit');
    try {
      const query = `http://127.0.0.1:${port}/api/v1/query?query=sslapi_handshakes_total`;
      const found = async () => {
        const answer = await fetch(query)
          .then((one) => one.json() as Promise<QueryAnswer>)
          .catch(() => null);
        return answer?.data?.result.map(({ metric }) => metric);
      };
      await expect
        .poll(found, { timeout: 30_000, interval: 200 })
        .toEqual([expect.objectContaining({ job: 'sslapi', version: 'TLSv1.3', resumed: 'no' })]);
    } finally {
      prometheus.kill('SIGKILL');
      await ended;
    }
  });

  it('counts handshakes and requests, by the pattern of the route, whatever a path says', async () => {
    const server = await lab.start({ access: EVERYTHING });
    for (const path of ['/whoami', '/whoami?x=1', '/nothing', '/secret_7f3a'])
      await curl(lab, server, alice, path, '--tlsv1.3');
    await curl(lab, server, alice, '--tls-max', '1.2', '-X', 'PROPFIND');
    const first = await open(lab, server, alice, { version: 'TLSv1.2' });
    await first.ask();
    const again = await open(lab, server, alice, { version: 'TLSv1.2', session: first.session()! });
    first.socket.destroy();

    const samples = await scrape(server);

    const requests = (labels: string) => samples.get(`sslapi_http_requests_total{${labels}}`);
    expect(requests('method="GET",route="/whoami",status="200"')).toBe(3);
    expect(requests('method="GET",route="none",status="404"')).toBe(2);
    expect(requests('method="other",route="none",status="405"')).toBe(1);
    expect([...samples.keys()].join()).not.toMatch(/secret_7f3a|alice|PROPFIND/);
    const handshakes = (labels: string) => samples.get(`sslapi_handshakes_total{${labels}}`);
    expect(handshakes('version="TLSv1.3",resumed="no"')).toBe(5);
    expect(handshakes('version="TLSv1.2",resumed="no"')).toBe(2);
    expect(handshakes('version="TLSv1.2",resumed="yes"')).toBe(again.resumed ? 1 : undefined);
    expect(again.resumed).toBe(true);
    expect(samples.get('sslapi_http_request_duration_seconds_count')).toBe(6);
    expect(samples.get('sslapi_http_request_duration_seconds_bucket{le="+Inf"}')).toBe(6);
    expect(samples.get('sslapi_open_connections')).toBeGreaterThanOrEqual(2);
    again.socket.destroy();
  });

  it('times a request from its header to its answer', async () => {
    const server = await lab.start({ access: EVERYTHING });
    const { socket } = await open(lab, server, alice);
    const fields = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 2';
    socket.write(`POST /echo HTTP/1.1\r\n${fields}\r\nExpect: 100-continue\r\n\r\n`);
    await once(socket, 'data'); // the header has come
    await sleep(60);
    socket.write('{}');
    await once(socket, 'data');
    socket.destroy();

    const samples = await scrape(server);

    const duration = (rest: string) => samples.get(`sslapi_http_request_duration_seconds_${rest}`);
    expect(duration('bucket{le="0.025"}')).toBe(0);
    expect(duration('count')).toBe(1);
    expect(duration('sum')).toBeGreaterThan(0.05);
  });

  it('tells until when the server can go on, and what it is', async () => {
    const server = await lab.start({ version: '1.2.3' });

    const samples = await scrape(server);

    const { root, issuing } = lab.ca;
    const [own] = await lab.ca.list({ name: 'localhost' });
    const crls = await lab.ca.crlEnds();
    expect(samples.get('sslapi_server_certificate_not_after_seconds')).toBe(Date.parse(own!.notAfter) / 1000);
    expect(samples.get('sslapi_ca_not_after_seconds{ca="root"}')).toBe(
      unixSeconds(root!.parsed.validity.notAfter),
    );
    expect(samples.get('sslapi_ca_not_after_seconds{ca="issuing"}')).toBe(
      unixSeconds(issuing.parsed.validity.notAfter),
    );
    expect(crls.map(({ role }) => role).sort()).toEqual(['issuing', 'root']);
    for (const { role, nextUpdate } of crls)
      expect(samples.get(`sslapi_crl_next_update_seconds{ca="${role}"}`)).toBe(unixSeconds(nextUpdate));
    const { node, openssl } = process.versions;
    expect(samples.get(`sslapi_build_info{version="1.2.3",node="${node}",openssl="${openssl}"}`)).toBe(1);
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('counts what was refused, by reason and moment, and what was read anew', async () => {
    const server = await lab.start({ rateLimit: { requests: 3, windowMs: 3_600_000 } });
    await curl(lab, server, null);
    await curl(lab, server, alice, '/admin');
    await curl(lab, server, alice, '-X', 'DELETE');
    server.tell({ kind: 'reloaded', at: new Date(), what: 'access rules', message: 'x' });
    server.tell({ kind: 'kept', at: new Date(), what: 'access rules', message: 'x', fix: 'y' });
    await plainHttp(server);
    const mallory = await lab.issue('mallory');
    for (let times = 0; times < 5; times += 1) await curl(lab, server, mallory);

    const samples = await scrape(server);

    const refused = [...samples].filter(([name]) => name.startsWith('sslapi_refused_total'));
    expect(Object.fromEntries(refused)).toEqual({
      'sslapi_refused_total{code="no-certificate",during="handshake"}': 1,
      'sslapi_refused_total{code="not-allowed",during="request"}': 2,
      'sslapi_refused_total{code="not-tls",during="handshake"}': 1,
      'sslapi_refused_total{code="rate-limited",during="request"}': 2,
    });
    expect(samples.get('sslapi_reloads_total{what="access rules",outcome="reloaded"}')).toBe(1);
    expect(samples.get('sslapi_reloads_total{what="access rules",outcome="kept"}')).toBe(1);
    expect(samples.get('sslapi_http_requests_total{method="GET",route="/admin",status="403"}')).toBe(1);
  });

  it('counts who lay idle, which is no refusal', async () => {
    const server = await lab.start({ limits: { keepAliveMs: 200 } });
    const { ask, closed } = await open(lab, server, alice);
    await ask();
    await closed;

    expect((await scrape(server)).get('sslapi_idle_connections_closed_total')).toBe(1);
    expect(lab.events.filter(({ kind }) => kind === 'refused')).toEqual([]);
  });

  it('is for verified clients, unless the rules say otherwise', async () => {
    const mayNot = accessRules({ rules: [{ identity: '*', methods: ['GET'], paths: ['/whoami'] }] });

    const required = await lab.start();
    const optional = await lab.start({ clientAuth: 'optional' });
    const ruled = await lab.start({ access: mayNot });

    expect((await curl(lab, required, null, '/metrics')).status).toBe(401);
    expect((await curl(lab, optional, null, '/metrics')).status).toBe(401);
    expect((await curl(lab, optional, alice, '/metrics')).status).toBe(200);
    expect((await curl(lab, ruled, alice, '/metrics')).status).toBe(403);
  });
});

/** Speaks HTTP where TLS is spoken, until it is thrown out. */
function plainHttp({ address }: RunningServer): Promise<void> {
  return new Promise((done) => {
    const socket = connectTcp(address.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
    socket.on('error', () => undefined).on('data', () => undefined);
    socket.once('close', () => done());
  });
}
