import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { closeWithReset, connect, DEFAULT_LIMITS } from '../../src/tls/connect.js';
import { exchange } from '../../src/tls/exchange.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { request } from '../../src/tls/request.js';
import { FaultyServers, greeting } from './faulty-server.js';

const servers = new FaultyServers();
afterAll(() => servers.close());

/** Handles that Node holds open; one that is never closed keeps the process from its end. */
function openHandles(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
}

async function handlesLeftBy(work: (port: number) => Promise<unknown>, behave: (socket: Socket) => void) {
  const port = await servers.listen(behave);
  const before = openHandles();
  await Promise.all(Array.from({ length: 10 }, () => work(port)));
  for (let tries = 0; tries < 40 && openHandles() > before; tries += 1) await sleep(25);
  return openHandles() - before;
}

const PEERS: ReadonlyArray<[string, (socket: Socket) => void]> = [
  ['closes at once', (socket) => socket.resume().end()],
  ['closes when it is spoken to', (socket) => socket.once('data', () => socket.end())],
  [
    'answers and closes',
    (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  ],
  ['resets', (socket) => socket.once('data', () => socket.resetAndDestroy())],
  ['says what is no TLS', greeting('220 mx\r\n')],
  ['says nothing', (socket) => socket.resume()],
];

describe('no connection outlives what it was for', () => {
  it.each(PEERS)('an exchange with a peer that %s', async (_kind, behave) => {
    const one = (port: number) =>
      exchange({ host: '127.0.0.1', port }, fullOffer(null), { limits: { timeoutMs: 300 } });

    expect(await handlesLeftBy(one, behave)).toBe(0);
  });

  it.each(PEERS)('a request to a peer that %s', async (_kind, behave) => {
    const one = (port: number) =>
      request({
        target: { host: '127.0.0.1', port },
        servername: null,
        version: 'TLSv1.3',
        request: Buffer.from('GET / HTTP/1.0\r\n\r\n'),
        timeoutMs: 300,
      });

    expect(await handlesLeftBy(one, behave)).toBe(0);
  });

  it.each(PEERS)('STARTTLS with a peer that %s', async (_kind, behave) => {
    const one = async (port: number) => {
      const target = { host: '127.0.0.1', port, starttls: 'smtp' } as const;
      const opened = await connect(target, { ...DEFAULT_LIMITS, timeoutMs: 300 });
      if (opened.kind === 'opened') closeWithReset(opened.socket);
    };

    expect(await handlesLeftBy(one, behave)).toBe(0);
  });
});
