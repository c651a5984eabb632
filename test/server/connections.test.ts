import { execFile } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessRules, defaultRules } from '../../src/server/access-rules.js';
import type { RunningServer } from '../../src/server/listener.js';
import { serverEventLine } from '../../src/server/server-event.js';
import type { ServerLimits } from '../../src/server/server-settings.js';
import { apiClient } from './api-client.js';
import { type ApiLab, apiLab, type ClientFiles, GET_WHOAMI, open } from './api-lab.js';

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

const LONG = { timeout: 15_000 };
const start = (limits: Partial<ServerLimits> = {}) => lab.start({ limits, rateLimit: 'off' });

/** What Prometheus is told. */
async function metricsOf(server: RunningServer): Promise<string> {
  const client = apiClient(lab, server, alice);
  const { body } = await client.call('GET', '/metrics');
  client.end();
  return String(body);
}
/** How often each code was counted. */
async function refusals(server: RunningServer): Promise<Record<string, number>> {
  return Object.fromEntries(
    [
      ...(await metricsOf(server)).matchAll(
        /^sslapi_refused_total\{code="([\w-]+)",during="[a-z ]+"\} (\d+)$/gm,
      ),
    ].map(([, code = '', count]) => [code, Number(count)]),
  );
}
/** What it has answered and has open, the asking one included. */
async function requests(server: RunningServer): Promise<{ whoami: number; open: number }> {
  const metrics = await metricsOf(server);
  const figure = (name: RegExp): number => Number(name.exec(metrics)?.[1] ?? 0);
  return {
    whoami: figure(/^sslapi_http_requests_total\{[^}]*route="\/whoami"[^}]*\} (\d+)$/m),
    open: figure(/^sslapi_open_connections (\d+)$/m),
  };
}
const lines = () => lab.events.map(serverEventLine);

describe('what is no request', () => {
  it.each<[string, string, string, number]>([
    ['octets of no kind', '\x16\x03\x01\x00\x00\r\n\r\n', 'malformed-http', 400],
    ['another method', 'GRAB / HTTP/1.1\r\nHost: localhost\r\n\r\n', 'malformed-http', 400],
    ['a space in a field name', 'GET / HTTP/1.1\r\nHost : localhost\r\n\r\n', 'malformed-http', 400],
    [
      'two lengths',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      'malformed-http',
      400,
    ],
    [
      'a length and chunks, as in request smuggling',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'malformed-http',
      400,
    ],
    [
      'header fields of 100,000 octets',
      `GET / HTTP/1.1\r\nHost: localhost\r\n${'X-Large: 0123456789\r\n'.repeat(5_000)}\r\n`,
      'headers-too-large',
      431,
    ],
  ])(
    '%s is answered, counted, logged with what helps, and closes the connection',
    async (_what, octets, code, status) => {
      const server = await start();
      const { ask, closed } = await open(lab, server, alice);

      const answer = await ask(octets);
      await closed;

      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*"code": "${code}"`));
      expect(lines()).toEqual([
        expect.stringMatching(
          new RegExp(`^refused 127\\.0\\.0\\.1:\\d+: .+ \\(${code}\\) CN=alice serial .+; fix: .+`),
        ),
      ]);
      expect(await refusals(server)).toEqual({ [code]: 1 });
    },
  );

  it.each<[string, string]>([
    ['nothing', ''],
    ['half of its header fields', 'GET / HTTP/1.1\r\nHost: localhost\r\n'],
    [
      'half of its body',
      'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ],
  ])('a client that sends %s is closed in time, and counted', async (_what, octets) => {
    const server = await start({ headersMs: 500, requestMs: 700 });
    const { socket, closed } = await open(lab, server, alice);
    socket.resume();
    socket.write(octets);

    await closed;

    if (octets.startsWith('POST')) return; // no rule lets it do that: it was refused before its body
    expect(lines()).toEqual([
      expect.stringMatching(/\(request-too-slow\) CN=alice serial .+; fix: send it at once$/),
    ]);
    expect(await refusals(server)).toEqual({ 'request-too-slow': 1 });
  });

  it('a second handshake is none, and counted', async () => {
    const server = await start();
    const { socket, closed } = await open(lab, server, alice, { version: 'TLSv1.2' });
    socket.renegotiate({}, () => undefined);
    socket.resume();
    await closed;

    await expect.poll(lines, LONG).toEqual([expect.stringContaining('(renegotiation)')]);
    expect(await refusals(server)).toEqual({ renegotiation: 1 });
  });
});

describe('requests that come before the answers are read', () => {
  it('are answered in their order', async () => {
    const server = await start();
    const { socket, closed } = await open(lab, server, alice);
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk));
    const paths = Array.from({ length: 50 }, (_, count) => (count % 2 ? '/whoami' : '/healthz'));
    socket.write(paths.map((path) => GET_WHOAMI.replace('/whoami', path)).join(''));

    await expect.poll(() => heard.match(/HTTP\/1\.1 200 OK/g)?.length, LONG).toBe(50);

    const answers = heard.split('HTTP/1.1 ').slice(1);
    expect(answers.map((answer) => (answer.includes('"status": "ok"') ? '/healthz' : '/whoami'))).toEqual(
      paths,
    );
    socket.destroy();
    await closed;
  });

  it('are begun one after the other, so that each sees what the one before it did', async () => {
    const access = accessRules({ rules: [{ identity: '*', methods: ['*'], paths: ['*'] }] });
    const server = await lab.start({ rateLimit: 'off', access });
    const { socket, closed } = await open(lab, server, alice);
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk));
    const body = JSON.stringify({ name: 'pipelined' });
    const post = `POST /items HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const get = GET_WHOAMI.replace('/whoami', '/items');
    socket.write(get + post + get + post + get);

    await expect.poll(() => heard.match(/^HTTP\/1\.1 20/gm)?.length, LONG).toBe(5);

    const answers = heard.split(/^HTTP\/1\.1 /m).slice(1);
    expect(answers.map((answer) => answer.match(/"name": "pipelined"/g)?.length ?? 0)).toEqual([
      0, 1, 1, 1, 2,
    ]);
    socket.destroy();
    await closed;
  });

  it('are so many, and with one more the connection ends', async () => {
    const server = await start({ pipelined: 3 });
    const { socket, closed } = await open(lab, server, alice);
    socket.resume();
    socket.write(GET_WHOAMI.repeat(4));
    await expect.poll(async () => (await requests(server)).open, LONG).toBe(2);
    const before = (await requests(server)).whoami;
    let read = 0;
    const count = (): void => {
      read += 1;
    };
    subscribe('http.server.request.start', count);
    socket.write(GET_WHOAMI.repeat(200));
    await closed;
    unsubscribe('http.server.request.start', count);

    expect(read).toBe(5); // one that is answered, three that wait, and the one too many
    expect([before, (await requests(server)).whoami]).toEqual([4, 5]);
    expect(await refusals(server)).toEqual({ 'answer-not-read': 1 });
  });

  it('and are never read end the connection, with no memory lost on them', async () => {
    const server = await start({ idleMs: 1_000 });
    const { socket, closed } = await open(lab, server, alice);
    socket.pause();
    const request = Buffer.from(GET_WHOAMI.replace('/whoami', '/openapi.json').repeat(100));
    const sending = setInterval(() => socket.write(request), 5);

    await expect.poll(lines, LONG).toContainEqual(expect.stringContaining('(answer-not-read)'));
    clearInterval(sending);
    socket.destroy();
    await closed;
    expect(await refusals(server)).toMatchObject({ 'answer-not-read': 1 });
  });
});

describe('more connections than are taken', () => {
  it('are dropped and counted: the strangers that were there first, while clients come and are served', async () => {
    const server = await start({ connections: 3, handshakeMs: 60_000 });
    const first = await open(lab, server, alice);
    const idle = Array.from({ length: 5 }, () => connectTcp(server.address.port, '127.0.0.1'));
    for (const socket of idle) socket.on('error', () => undefined);

    const later = await open(lab, server, alice);

    expect(await first.ask()).toMatch(/^HTTP\/1\.1 200 /);
    expect(await later.ask()).toMatch(/^HTTP\/1\.1 200 /);
    await expect.poll(async () => (await refusals(server))['too-many-connections'], LONG).toBeGreaterThan(3);
    expect(lines()).toContainEqual(expect.stringContaining('(too-many-connections)'));
    for (const socket of idle) socket.destroy();
  });

  it('of one client are told so, and others come', async () => {
    const server = await start({ connectionsOfOne: 2 });
    const bob = await lab.issue('bob');
    await open(lab, server, alice);
    await open(lab, server, alice);

    const third = await open(lab, server, alice);

    expect(await third.ask()).toMatch(/^HTTP\/1\.1 429 [\s\S]*"code": "too-many-connections"/);
    expect(await (await open(lab, server, bob)).ask()).toMatch(/^HTTP\/1\.1 200 /);
    expect(lines()).toEqual([expect.stringMatching(/\(too-many-connections\) CN=alice /)]);
  });
});

describe('a tunnel that is asked for', () => {
  it('is never answered in the place of the request before it', async () => {
    const server = await start();
    const { ask, closed } = await open(lab, server, alice);

    const connect = 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const answer = await ask(`GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n${connect}`); // it asks the store first
    await closed;

    expect(answer).not.toMatch(/^HTTP\/1\.1 501/);
    expect(await refusals(server)).toEqual({ 'no-tunnel': 1 });
  });
});

const WRITING = accessRules({ rules: [{ identity: '*', methods: ['POST'], paths: ['*'] }] });

describe('a body that is not read to its end', () => {
  it.each([
    ['is too large', 413, WRITING],
    ['is not allowed', 403, defaultRules('require')],
  ])('costs nobody the answer: one that %s', async (_what, status, access) => {
    const server = await lab.start({ access });
    const { folder } = lab;
    const body = join(folder, 'large.json');
    writeFileSync(body, Buffer.alloc(3_000_000));
    const { cert, key } = alice;
    const url = `https://localhost:${server.address.port}/echo`;
    const tls = `--cacert ${lab.ca.folder.at('ca.crt')} --cert ${cert} --key ${key}`;
    const fields = "-H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked'";
    const once = `cat ${body} | curl -s ${tls} ${fields} --data-binary @- -o ${body}.answer -w '%{http_code} %{exitcode}\\n' ${url}`;

    const { stdout } = await promisify(execFile)('bash', ['-c', `for i in $(seq 20); do ${once}; done`]);

    expect(new Set(stdout.trim().split('\n'))).toEqual(new Set([`${status} 0`]));
  });
});

describe('a server that is about to end', () => {
  it('says so where it is asked, lets what is under way end, and takes nobody new', async () => {
    const server = await start();
    const client = apiClient(lab, server, alice);
    await client.call('GET', '/readyz');
    const { socket, closed } = await open(lab, server, alice);
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk));
    socket.write('GET /readyz HTTP/1.1\r\nHost: local'); // half a request is under way
    await sleep(1_000);

    const ended = server.close();
    await expect(open(lab, server, alice)).rejects.toThrow();
    socket.write('host\r\n\r\n');
    await closed;
    await ended;

    expect(heard).toMatch(/^HTTP\/1\.1 503 [\s\S]*connection: close[\s\S]*"code": "stopping"/i);
    expect(lines()).toEqual([expect.stringMatching(/^stopping: no more connections, \d+ open to be ended$/)]);
    client.end();
  });

  it('waits for nobody for ever', async () => {
    const server = await start();
    const { socket, closed } = await open(lab, server, alice);
    socket.write('GET /readyz HTTP/1.1\r\nHost: local');
    socket.resume();
    await sleep(50);

    await server.close(300);
    await closed;
  });
});
