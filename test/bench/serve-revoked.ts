// What a million revoked certificates cost `serve`, beside ten of them, interleaved: handshakes and requests a second, and how long
// a look at the store takes while somebody writes to it all the time.
import { loadavg } from 'node:os';
import { revokeMany } from './servers/revoke-many.js';
import { type LoadedServer, type ServeLab, serveLab } from './servers/serve-lab.js';

const ROUNDS = Number(process.env['SSLAPI_BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['SSLAPI_BENCH_SECONDS'] ?? 3);
const REVOKED = [10, Number(process.env['SSLAPI_BENCH_REVOKED'] ?? 1_000_000)] as const;
const CLIENTS = 200;
const CONCURRENCY = 32;
/** Share of the figure with ten. */
const WANTED = 0.9;
const WRITE_EVERY_MS = 20;
/** Seconds of each kind of load before the first figure: V8 compiles what is called often, and that is done by then. */
const WARM_UP = Number(process.env['SSLAPI_BENCH_WARM_UP'] ?? 8);

const ROWS = [
  { what: 'handshakes', keepAlive: false, isWritten: false },
  { what: 'requests, kept alive', keepAlive: true, isWritten: false },
  { what: 'the same, the store written to', keepAlive: true, isWritten: true },
] as const;

interface Side {
  readonly lab: ServeLab;
  readonly serve: LoadedServer;
  readonly perSecond: number[];
  readonly perCpuSecond: number[];
}

const labs: ServeLab[] = [];
try {
  for (const count of REVOKED) {
    const lab = await serveLab(CLIENTS);
    labs.push(lab);
    const startedAt = performance.now();
    await revokeMany(lab.ca, count);
    const put = secondsSince(startedAt);
    await lab.ca.generateCrls({});
    console.log(`${count} revoked: in the store after ${put}, on a CRL after ${secondsSince(startedAt)}`);
  }
  const serves = await Promise.all(labs.map((lab) => lab.startServe()));
  console.log(`load ${loadavg()[0]!.toFixed(1)}, ${ROUNDS} rounds of ${SECONDS} s, medians`);
  for (const row of ROWS.slice(0, 2)) for (const side of sidesNow(serves)) await run(row, side, WARM_UP);
  for (const row of ROWS) {
    for (const side of sidesNow(serves)) await run(row, side, 1);
    const sides = sidesNow(serves);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const side of round % 2 === 0 ? sides : [...sides].reverse()) await run(row, side, SECONDS);
    report(row.what, sides);
  }
} finally {
  for (const lab of labs) await lab.remove();
}

function sidesNow(serves: readonly LoadedServer[]): Side[] {
  return labs.map((lab, index) => ({ lab, serve: serves[index]!, perSecond: [], perCpuSecond: [] }));
}

async function run(
  { keepAlive, isWritten }: (typeof ROWS)[number],
  { lab, serve, perSecond, perCpuSecond }: Side,
  seconds: number,
): Promise<void> {
  const write = (): void => void lab.ca.recordMinted([{ serialNumber: '00', what: 'bench' }]);
  const writing = isWritten ? setInterval(write, WRITE_EVERY_MS) : undefined;
  const cpu = serve.cpuSeconds();
  const load = { address: serve.address, path: '/whoami', clients: lab.clients, concurrency: CONCURRENCY };
  const answer = await lab.load({ ...load, keepAlive, seconds });
  clearInterval(writing);
  if (answer.failed > 0) throw new Error(`requests failed: ${JSON.stringify(answer.errors)}`);
  perSecond.push(answer.perSecond);
  perCpuSecond.push(answer.done / (serve.cpuSeconds() - cpu));
}

function report(what: string, [few, many]: readonly Side[]): void {
  const ratio = (of: 'perSecond' | 'perCpuSecond'): number => median(many![of]) / median(few![of]);
  const held = ratio('perCpuSecond') >= WANTED ? 'held' : 'MISSED'; // what other programs take is no cost of a check
  console.log(
    `${what.padEnd(32)}${median(few!.perSecond).toFixed(0).padStart(6)}/s with ${REVOKED[0]}, ` +
      `${median(many!.perSecond).toFixed(0).padStart(6)}/s with ${REVOKED[1]}: ${(100 * ratio('perSecond')).toFixed(0)} %, ` +
      `by processor time ${(100 * ratio('perCpuSecond')).toFixed(0)} %, wanted ${100 * WANTED} %: ${held}`,
  );
}

function secondsSince(startedAt: number): string {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
