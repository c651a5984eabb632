// How long good clients wait while `serve` is attacked: the 99th percentile of new connections and of those kept alive, beside each
// attack of the tests. Servers on one core, attackers and good clients on the other.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { type Attack, clientHello, FLOODING, HOLDING, type Target } from '../server/attacks.js';
import type { ClientPair } from '../server/cli-server.js';
import type { LoadAnswer } from './servers/mtls-load.js';
import { serveLab } from './servers/serve-lab.js';

const SECONDS = Number(process.env['SSLAPI_BENCH_SECONDS'] ?? 5);
/** Some of the attacks, by a part of their names. */
const WANTED = process.env['SSLAPI_BENCH_ROWS'] ?? '';
const WANTED_MS = 100;
const PER_SECOND = 50;
const HELD = 200;
const AT_A_TIME = 4;
/** So fast that the system's own queue of new connections runs over: who comes just then waits for its second SYN, whatever the
 *  server does. It is told how long, and nothing is wanted. */
const AT_THE_SYSTEMS_DOOR: ReadonlySet<string> = new Set(['connections that are reset at once']);

if (process.platform === 'linux' && cpus().length > 1)
  execFileSync('taskset', ['-cp', '1', `${process.pid}`], { stdio: 'ignore' }); // attacks are made by this process
const [lab, others] = [await serveLab(40), await serveLab(1)];
try {
  const access = join(lab.folder, 'access.json');
  writeFileSync(
    access,
    JSON.stringify({ rules: [{ identity: '*', methods: ['GET', 'POST'], paths: ['*'] }] }),
  );
  const serve = await lab.startServe({ args: ['--access', access, '--rate-limit', '600/1m'] });
  const [mallory, ...good] = lab.clients;
  const target: Target = {
    port: Number(serve.address.split(':')[1]),
    mallory: mallory!,
    stranger: others.clients[0]!,
    hello: await clientHello(),
    folder: lab.folder,
    apartMs: 5, // all at once would be a flood of handshakes, which is another row
  };
  const attacks: ReadonlyArray<readonly [string, Attack]> = [
    ['nobody attacks', async () => ({ made: 0, ended: 0 })],
    ...Object.entries(HOLDING).map(([what, attack]) => [what, attack(HELD)] as const),
    ...Object.entries(FLOODING).map(([what, attack]) => [what, attack(AT_A_TIME)] as const),
  ];
  console.log(
    `load ${loadavg()[0]!.toFixed(1)}, ${SECONDS} s each, ${PER_SECOND} good requests a second of each kind`,
  );
  for (const [what, attack] of attacks.filter(([name]) => name.includes(WANTED)))
    await underAttack(what, attack, target, good, serve.address);
} finally {
  await lab.remove();
  await others.remove();
}

async function underAttack(
  what: string,
  attack: Attack,
  target: Target,
  good: readonly ClientPair[],
  address: string,
): Promise<void> {
  const end = new AbortController();
  const attacking = attack(target, end.signal);
  const load = {
    address,
    path: '/whoami',
    clients: good,
    concurrency: 8,
    seconds: SECONDS,
    perSecond: PER_SECOND,
  };
  const [fresh, kept] = await Promise.all([lab.load(load), lab.load({ ...load, keepAlive: true })]);
  end.abort();
  const { made } = await attacking;
  const worst = Math.max(fresh.p99Ms, kept.p99Ms);
  const failed = fresh.failed + kept.failed;
  const held = worst <= WANTED_MS && failed === 0 ? 'held' : 'MISSED';
  const verdict = AT_THE_SYSTEMS_DOOR.has(what) ? '' : `; wanted ${WANTED_MS} ms: ${held}`;
  console.log(
    `${what.padEnd(52)}${String(made).padStart(6)} made; new ${times(fresh)}; kept ${times(kept)}; ` +
      `${failed} failed${verdict}`,
  );
}

function times({ p50Ms, p99Ms }: LoadAnswer): string {
  return `${p50Ms.toFixed(0)} ms, p99 ${p99Ms.toFixed(0)} ms`;
}
