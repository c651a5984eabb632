// Whether the memory of `serve` stays flat over 100,000 connections, each with a full handshake and a client certificate; a few
// minutes. What is in use is asked after a garbage collection, and judged once the server is warm.
import { once } from 'node:events';
import { type LoadedServer, serveLab } from './servers/serve-lab.js';

const CONNECTIONS = Number(process.env['SSLAPI_BENCH_CONNECTIONS'] ?? 100_000);
const LOOKS = 20;
/** Looks until all caches are full. */
const WARM_UP = 5;
/** More than the server remembers at a time. */
const CLIENTS = 6_000;
/** Growth that is taken for noise, in MB for all the connections. */
const WANTED_HEAP_MB = 2;
const WANTED_RSS_MB = 15;

interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

const lab = await serveLab(CLIENTS);
try {
  const serve = await lab.startServe({
    node: ['--expose-gc', '--import', './test/bench/servers/memory-teller.mjs'],
  });
  const before = await memoryOf(serve);
  console.log(line('at the start', before));
  const looks: Memory[] = [];
  const each = Math.ceil(CONNECTIONS / LOOKS);
  const startedAt = performance.now();
  for (let look = 1; look <= LOOKS; look += 1) {
    const from = (look * each) % CLIENTS;
    const clients = [...lab.clients.slice(from), ...lab.clients.slice(0, from)];
    const load = { address: serve.address, path: '/whoami', clients, concurrency: 32, seconds: 600 };
    const { done, failed, errors } = await lab.load({ ...load, requests: each });
    if (failed > 0 || done !== each) throw new Error(`requests failed: ${JSON.stringify({ done, errors })}`);
    const memory = await memoryOf(serve);
    looks.push(memory);
    console.log(line(`${look * each} connections`, memory));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const warm = looks.slice(WARM_UP);
  const heap = growth(warm.map(({ heapUsed, external }) => heapUsed + external));
  const rss = floorGrowth(warm.map((memory) => memory.rss));
  console.log(
    `${LOOKS * each} connections in ${seconds.toFixed(0)} s; for as many more once warm: ` +
      `in use ${grown(heap, WANTED_HEAP_MB)}; resident ${grown(rss, WANTED_RSS_MB)}`,
  );
} finally {
  await lab.remove();
}

/** By the line that fits best through all looks, in MB for as many connections as were made in all. */
function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const slope =
    values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0) /
    values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
  return (slope * LOOKS) / 1e6;
}

/** From the least of the first half to the least of the second, in MB for as many connections as were made in all: what a collection
 *  needs for itself comes and goes, some 20 MB of it. */
function floorGrowth(values: readonly number[]): number {
  const half = values.length / 2;
  const [first, second] = [values.slice(0, half), values.slice(half)];
  return ((Math.min(...second) - Math.min(...first)) * (LOOKS / half)) / 1e6;
}

function grown(mb: number, wanted: number): string {
  return `${mb >= 0 ? '+' : ''}${mb.toFixed(1)} MB, wanted at most ${wanted}: ${mb <= wanted ? 'held' : 'MISSED'}`;
}

/** The server tells, when it has nothing else to do. */
async function memoryOf({ process: server }: LoadedServer): Promise<Memory> {
  const told = once(server, 'message');
  server.send('memory');
  return (await told)[0] as Memory;
}

function line(when: string, { rss, heapUsed, external }: Memory): string {
  const mb = (octets: number): string => `${(octets / 1e6).toFixed(1).padStart(6)} MB`;
  return `${when.padEnd(22)} resident${mb(rss)}, heap in use${mb(heapUsed)}, beside it${mb(external)}`;
}
