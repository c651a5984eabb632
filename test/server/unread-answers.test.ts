import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UnreadAnswers } from '../../src/server/unread-answers.js';

const LIMIT_MS = 800;
const CHUNK = Buffer.alloc(65_536);
/** More than the system keeps for a connection. */
const CHUNKS = 512;

let server: Server;
let unread: UnreadAnswers;
let found: Socket[];
let opened: Socket[];
beforeEach(async () => {
  found = [];
  opened = [];
  unread = new UnreadAnswers(LIMIT_MS, (socket) => {
    found.push(socket);
    socket.destroy();
  });
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  unread.stop();
  for (const socket of opened) socket.destroy();
  server.close();
});

async function connection(): Promise<{ readonly ours: Socket; readonly client: Socket }> {
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  const [ours] = (await once(server, 'connection')) as [Socket];
  for (const socket of [ours, client]) socket.on('error', () => undefined);
  opened.push(ours, client);
  unread.watch(ours);
  return { ours, client };
}

it('who takes nothing of its answer is found, and nobody else', async () => {
  const idle = await connection();
  const reader = await connection();
  const stuck = await connection();
  reader.client.resume();
  for (const { ours } of [reader, stuck]) ours.write(Buffer.concat(Array(CHUNKS).fill(CHUNK)));

  await expect.poll(() => found.length, { timeout: 10_000 }).toBe(1);

  expect(found).toEqual([stuck.ours]);
  expect(idle.ours.destroyed || reader.ours.destroyed).toBe(false);
});

it('who takes it slowly is let be', async () => {
  const { ours, client } = await connection();
  let sent = 0;
  const more = (): void => {
    sent += 1;
    if (sent < CHUNKS) ours.write(CHUNK, more);
    else ours.end();
  };
  more();

  const began = performance.now();
  while (!client.closed && !ours.destroyed) {
    client.read();
    if (performance.now() - began < 2 * LIMIT_MS) {
      await sleep(10);
      continue;
    }
    client.resume();
    await once(client, 'close');
  }

  expect(sent).toBe(CHUNKS);
  expect(found).toEqual([]);
});
