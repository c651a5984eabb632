import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { plainHttp } from '../../src/tls/plain-http.js';
import { freePort } from '../free-port.js';

const TIMEOUT_MS = 400;
let server: Server | undefined;
const sockets = new Set<Socket>();

/** A server that does this with every connection; its requests are kept. */
async function listening(serve: (socket: Socket, request: string) => void): Promise<number> {
  server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.on('data', (chunk) => serve(socket, chunk.toString('latin1')));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

const ask = (port: number, maxBytes = 1000) =>
  plainHttp({
    target: { host: 'api.test', port, address: '127.0.0.1' },
    method: 'GET',
    path: '/a?b',
    timeoutMs: TIMEOUT_MS,
    maxBytes,
  });

describe('a request in clear', () => {
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server?.close();
  });

  it('names the host that it wants, not the address it goes to', async () => {
    let seen = '';
    const port = await listening((socket, request) => {
      seen = request;
      socket.end('HTTP/1.1 301 Moved\r\nLocation: https://api.test/\r\nContent-Length: 0\r\n\r\n');
    });

    const outcome = await ask(port);

    expect(seen).toMatch(/^GET \/a\?b HTTP\/1\.1\r\n/);
    expect(seen.toLowerCase()).toContain(`host: api.test:${port}\r\n`);
    expect(outcome).toMatchObject({
      kind: 'answer',
      status: 301,
      headers: { location: 'https://api.test/' },
      whole: true,
    });
  });

  it('tells a proxy the whole URL, and who we are to it', async () => {
    let seen = '';
    const port = await listening((socket, request) => {
      seen = request;
      socket.end('HTTP/1.1 204 No Content\r\n\r\n');
    });

    const outcome = await plainHttp({
      target: {
        host: 'api.test',
        port: 80,
        proxy: { host: '127.0.0.1', port, credentials: { user: 'me', password: 'pw' } },
      },
      method: 'GET',
      path: '/',
      timeoutMs: TIMEOUT_MS,
      maxBytes: 1000,
    });

    expect(outcome).toMatchObject({ status: 204 });
    expect(seen).toMatch(/^GET http:\/\/api\.test\/ HTTP\/1\.1\r\n/);
    expect(seen.toLowerCase()).toContain('host: api.test\r\n');
  });

  it('joins fields of one name, cookies too', async () => {
    const port = await listening((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nhi'),
    );

    expect(await ask(port)).toMatchObject({ headers: { 'set-cookie': 'a=1, b=2' }, body: Buffer.from('hi') });
  });

  it.each([
    [1000, true, 1000],
    [1001, false, 1000],
  ])('reads a body of %s octets: whole is %s', async (length, whole, kept) => {
    const port = await listening((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`),
    );

    const outcome = await ask(port);

    expect(outcome).toMatchObject({ kind: 'answer', whole });
    expect(outcome.kind === 'answer' && outcome.body.length).toBe(kept);
  });

  it('ends an endless body, and takes half of one for half', async () => {
    const endless = await listening((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const more = (): void => {
        if (!socket.destroyed) socket.write('x'.repeat(65_536), more);
      };
      more();
    });
    expect(await ask(endless)).toMatchObject({ kind: 'answer', whole: false });
    server?.close();

    const half = await listening((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf');
      setTimeout(() => socket.destroy(), 50);
    });
    expect((await ask(half)).kind).toBe('broken');
  });

  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['says something else', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'), /HPE_/],
    ['closes at once', (socket) => socket.end(), /ECONNRESET/],
    ['says nothing', () => undefined, /in time/],
  ])('to who %s is broken', async (_what, serve, why) => {
    const startedAt = performance.now();

    const outcome = await ask(await listening(serve));

    expect(outcome).toMatchObject({ kind: 'broken', why: expect.stringMatching(why) });
    expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS * 4);
  });

  it('is over by its deadline, however slowly an answer drips', async () => {
    const port = await listening((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });

    expect(await ask(port)).toMatchObject({ kind: 'broken', why: 'no answer in time' });
  });

  it('to a port that nobody listens on is told from one that is broken', async () => {
    expect(await ask(await freePort())).toEqual({ kind: 'unreachable', why: 'ECONNREFUSED' });
  });
});
