import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { exitCodeOf } from '../../src/probe/verdict.js';
import { REAL_SERVERS, start } from '../config/real-servers.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { makeProbePki, type ProbePki } from './probe-pki.js';

let pki: ProbePki;
const stops: Array<() => Promise<unknown>> = [];
beforeAll(async () => {
  pki = await makeProbePki();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => pki.close());

const listening = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
};
const prove = (port: number, timeoutMs = 400): Promise<ProbeReport> =>
  probe(`127.0.0.1:${port}`, { ca: pki.ca, proveMtls: true, timeoutMs });

describe('what cannot be told is never a pass', () => {
  it('a port where nothing listens', async () => {
    const report = await prove(await freePort());

    expect(report).toMatchObject({
      verdict: 'inconclusive',
      error: { code: 'ERR_UNREACHABLE' },
      proof: null,
      checks: [],
    });
    expect(exitCodeOf(report)).toBe(3);
    expect(exitCodeOf(report, true)).toBe(3);
  });

  it('a name that does not resolve', async () => {
    const report = await probe('no-such-host.invalid', { timeoutMs: 2000 });

    expect(report).toMatchObject({
      verdict: 'inconclusive',
      error: { message: expect.stringMatching(/does not resolve|in time|network/) },
    });
  });

  it('a port that takes connections and says nothing', async () => {
    const report = await prove(await listening(createTcp()));

    expect(report).toMatchObject({
      verdict: 'inconclusive',
      error: { message: expect.stringContaining('silence') },
    });
  });

  it('a port that resets or closes at once', async () => {
    const resets = await prove(await listening(createTcp((socket) => socket.resetAndDestroy())));
    const closes = await prove(await listening(createTcp((socket) => socket.end())));

    expect([resets.verdict, closes.verdict]).toEqual(['inconclusive', 'inconclusive']);
    expect(exitCodeOf(closes)).toBe(3);
  });

  it('a port that speaks plain HTTP', async () => {
    const report = await prove(await listening(createHttp((_, response) => response.end())));

    expect(report).toMatchObject({
      verdict: 'inconclusive',
      error: { code: 'ERR_NOT_TLS', message: expect.stringContaining('speaks http') },
    });
  });

  const nginx = REAL_SERVERS.find(({ target }) => target === 'nginx')!;
  it.runIf(peer('nginx'))('a dead backend behind a right configuration', async () => {
    const server = await start(nginx, pki.served, { upstream: 'http://127.0.0.1:1' });
    stops.push(server.stop);

    const report = await prove(server.port, 5000);

    expect(report.verdict).toBe('inconclusive');
    expect(report.proof![0]).toMatchObject({ credential: 'good', observed: 'inconclusive', httpStatus: 502 });
    expect(report.proof!.some(({ status }) => status === 'pass')).toBe(false);
  });

  it.runIf(peer('nginx'))('a server that refuses everyone', async () => {
    const server = await start(nginx, pki.served, {}, (text) => text.replace('return 200', 'return 403'));
    stops.push(server.stop);

    const report = await prove(server.port, 5000);

    expect(report.verdict).toBe('inconclusive');
    expect(report.proof![0]).toMatchObject({ credential: 'good', status: 'inconclusive', httpStatus: 403 });
    expect(report.proof![0]!.evidence).toContain('turns this client away');
    expect(refusalsThatPass(report)).toEqual([]);
  });

  it.runIf(peer('nginx')).each([503, 429])('nginx that limits the rate half way, by %i', async (status) => {
    const backend = await listening(createHttp((_, response) => response.end('hello')));
    const upstream = `http://127.0.0.1:${backend}`;
    const server = await start(nginx, pki.served, { upstream }, (text) =>
      text
        .replace(/limit_req_zone \S+ (\S+) rate=\S+;/, 'limit_req_zone $server_name $1 rate=1r/m;')
        .replace(/ burst=200 nodelay;/, ' burst=3 nodelay;')
        .replace(/limit_req_status 429;/, `limit_req_status ${status};`),
    );
    stops.push(server.stop);

    const report = await prove(server.port, 5000);

    expect(report.verdict).toBe('inconclusive');
    const limited = report.proof!.filter(({ httpStatus }) => httpStatus === status);
    expect(limited.length).toBeGreaterThan(0);
    for (const { evidence } of limited) expect(evidence).toContain('a rate limit or a dead backend');
    expect(report.proof!.filter(({ credential }) => credential === 'good').at(-1)).toMatchObject({
      status: 'inconclusive',
    });
  });

  it('a server that dies half way', async () => {
    const port = await tls((count, authorized) => {
      if (count === 9) for (const stop of stops.splice(0)) void stop();
      return authorized ? 200 : 403;
    });

    const report = await prove(port, 2000);

    expect(report.verdict).not.toBe('pass');
    expect(refusalsThatPass(report)).toEqual([]);
  });

  it.runIf(peer('nginx'))(
    'a server whose own certificate has expired, though it lets in whom it should',
    async () => {
      const notAfter = new Date(Date.now() + 1500);
      const { files } = await pki.ca.issueServer({ commonName: 'localhost', notAfter });
      await new Promise((resolve) => setTimeout(resolve, 2600));
      const { fullchain, privkey } = files;
      const served = { ...pki.served, files: { ...pki.served.files, fullchain, privkey: privkey! } };
      const server = await start(nginx, served, {});
      stops.push(server.stop);

      const report = await prove(server.port, 5000);

      expect(report.verdict).toBe('fail');
      expect(report.checks.find(({ id }) => id === 'certificate-not-expired')).toMatchObject({
        status: 'fail',
      });
      expect(report.proof!.filter(({ status }) => status === 'fail')).toEqual([]);
    },
  );

  const python = '/usr/bin/python3';
  it.runIf(peer('python3'))('a firewall that drops what would begin a connection', async () => {
    // a full queue of a listener that accepts nobody: Linux drops every further SYN
    const child = spawn(python, ['-c', FULL_QUEUE], { stdio: ['ignore', 'pipe', 'inherit'] });
    stops.push(async () => child.kill('SIGKILL'));
    const [line] = (await once(child.stdout, 'data')) as [Buffer];

    const report = await prove(Number(line), 600);

    expect(report).toMatchObject({
      verdict: 'inconclusive',
      error: {
        code: 'ERR_UNREACHABLE',
        message: expect.stringContaining('no connection came about in time'),
      },
      proof: null,
    });
    expect(exitCodeOf(report, true)).toBe(3);
  });

  it('a wrong port: something else that greets first', async () => {
    const report = await prove(await listening(createTcp((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))));

    expect(report).toMatchObject({ verdict: 'inconclusive', error: { code: 'ERR_NOT_TLS' }, proof: null });
    expect(exitCodeOf(report, true)).toBe(3);
  });

  const tls = (answer: (count: number, authorized: boolean) => number | null) => {
    const { fullchain, privkey, caChain } = pki.served.files;
    const files = { cert: readFileSync(fullchain), key: readFileSync(privkey), ca: readFileSync(caChain) };
    let count = 0;
    return listening(
      createHttps({ ...files, requestCert: true, rejectUnauthorized: false }, (request, response) => {
        count += 1;
        const status = answer(count, (request.socket as unknown as { authorized: boolean }).authorized);
        if (status === null) return;
        response.statusCode = status;
        response.end('hello');
      }),
    );
  };

  it('a server that answers nobody after the handshake', async () => {
    const report = await prove(await tls(() => null));

    expect(report.verdict).toBe('inconclusive');
    const shown = report.proof!.filter(({ status }) => status !== 'not-applicable');
    expect(shown.every(({ status }) => status === 'inconclusive')).toBe(true);
    expect(shown.length).toBeGreaterThan(50);
  });

  it('a server that limits the rate after a while', async () => {
    const report = await prove(
      await tls((count, authorized) => (count > 6 ? 429 : authorized ? 200 : 403)),
      5000,
    );

    expect(report.verdict).not.toBe('pass');
    expect(
      report.proof!.filter(({ expected, status }) => expected === 'refuse' && status === 'pass'),
    ).toEqual([]);
  });

  it('a server that bans us half way: refusals before and after it prove nothing', async () => {
    const report = await prove(
      await tls((count, authorized) => (count > 8 ? 403 : authorized ? 200 : 403)),
      5000,
    );

    expect(report.verdict).toBe('inconclusive');
  });

  it('a page that is the same for everybody, where --expect looks for who is asked', async () => {
    const port = await tls(() => 200);

    const report = await probe(`127.0.0.1:${port}`, {
      ca: pki.ca,
      proveMtls: true,
      expect: /hello sslapi-probe/,
    });

    expect(report.verdict).toBe('inconclusive');
  });
});

/** Refusals of what must be refused that count as proven. */
function refusalsThatPass({ proof }: ProbeReport): string[] {
  return proof!.flatMap(({ credential, expected, status }) =>
    expected === 'refuse' && status === 'pass' ? [credential] : [],
  );
}

const FULL_QUEUE = `
import socket, sys, time
listener = socket.socket()
listener.bind(('127.0.0.1', 0))
listener.listen(0)
waiting = []
for _ in range(4):
    one = socket.socket()
    one.setblocking(False)
    one.connect_ex(listener.getsockname())
    waiting.append(one)
time.sleep(0.2)
print(listener.getsockname()[1], flush=True)
time.sleep(60)
`;
