import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of 127.0.0.1 that nobody listens on, and that nobody else is given before it is listened on: below those that the system
 *  gives by itself (32,768 and up), and in a range that no other worker of this run looks in. */
export async function freePort(): Promise<number> {
  return freeRow(1);
}

/** The first of so many of them in a row. */
export async function freeRow(count: number): Promise<number> {
  for (let row = 0; row < RANGE; row += 1) {
    const ports = Array.from({ length: count }, (_, at) => FIRST + ((next + at) % RANGE));
    next += count;
    const isOneRow = ports.at(-1)! - ports[0]! === count - 1;
    if (isOneRow && (await areFree(ports))) return ports[0]!;
  }
  throw new Error('no port is free');
}

async function areFree(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) return false;
    server.close();
    await once(server, 'close');
  }
  return true;
}

const WORKERS = 2;
/** 10,000 to 17,999: the ports that stand in the README and in transcripts lie above and below. */
const RANGE = 4_000;
const FIRST = 10_000 + RANGE * (Number(process.env['VITEST_POOL_ID'] ?? 1) % WORKERS);
/** Elsewhere in each process, so that one does not begin where the last left its connections behind. */
let next = (process.pid * 97) % RANGE;
