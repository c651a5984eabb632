// A whole scan beside sslscan's and testssl.sh's, on an up-to-date nginx and one that speaks everything, near and behind a longer
// way; and two hundred endpoints in one run. Scans are interleaved, and one that misses a suite does not count.
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { delayProxy } from './servers/delay-proxy.js';
import { scannedServers } from './servers/scanned-servers.js';
import { timedRun } from './servers/timed-run.js';

const ROUNDS = Number(process.env['SSLAPI_BENCH_ROUNDS'] ?? 5);
const SSLAPI = ['node', resolve('bin/sslapi.js'), 'probe', '--json'];
/** How many times faster than sslscan a scan is wanted to be; null where no more than the figure is wanted. */
const WANTED = [
  ['modern', 0, 1],
  ['weak', 0, 1],
  ['modern', 10, 5],
  ['weak', 10, 5],
  ['modern', 50, 10],
  ['weak', 50, null],
] as const;
/** A hello that finds what there is, and all others at once: TCP and TLS take a round trip each. */
const TWO_ROUNDS = 4;
const TIMES_THE_LIMIT = 4;
const TESTSSL = '/usr/bin/testssl';
const TIMES_TESTSSL = 100;
const ENDPOINTS = 200;

const servers = scannedServers();
const trust = ['--cacert', servers.root];
try {
  console.log(`load ${loadavg()[0]!.toFixed(1)}, ${ROUNDS} rounds, medians`);
  const ports = { modern: await servers.modern(), weak: await servers.weak() };
  for (const [name, roundTripMs, faster] of WANTED) await compare(name, ports[name], roundTripMs, faster);
  if (existsSync(TESTSSL)) await besideTestssl(ports.modern);
  await many();
} finally {
  servers.close();
}

async function compare(
  name: string,
  port: number,
  roundTripMs: number,
  faster: number | null,
): Promise<void> {
  const expected = suitesOfSslscan((await timedRun(['sslscan', '--xml=-', `localhost:${port}`])).stdout);
  const proxy = await delayProxy(port, roundTripMs);
  const target = `localhost:${roundTripMs === 0 ? port : proxy.port}`;
  const [ours, theirs, missing]: [number[], number[], Set<string>] = [[], [], new Set()];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { ms, stdout } = await timedRun([...SSLAPI, target, ...trust]);
    ours.push(ms);
    for (const suite of expected) if (!suitesOfOurs(stdout).has(suite)) missing.add(suite);
    theirs.push((await timedRun(['sslscan', target])).ms);
  }
  proxy.close();
  const [us, them] = [median(ours), median(theirs)];
  const where = `${name}, ${roundTripMs} ms away`;
  const suites = missing.size === 0 ? `all ${expected.size} suites` : `MISSED ${[...missing].join(' ')}`;
  const said = `${where.padEnd(20)}${inMs(us)}, sslscan ${inMs(them)}: ${(them / us).toFixed(1)} times faster`;
  console.log(`${said}${faster === null ? '' : wanted(them / us >= faster, faster)}, ${suites}`);
  if (name !== 'modern' || roundTripMs < 50) return;
  const limit = TWO_ROUNDS * roundTripMs;
  const times = us / limit;
  const held = wanted(times <= TIMES_THE_LIMIT, `at most ${TIMES_THE_LIMIT}`);
  console.log(`${''.padEnd(20)}${times.toFixed(1)} times the ${limit} ms of two rounds${held}`);
}

/** Everything that testssl.sh looks at, once: it takes a minute and more. */
async function besideTestssl(port: number): Promise<void> {
  const ours = median([await ourMs(port), await ourMs(port), await ourMs(port)]);
  const options = ['--quiet', '--warnings', 'off', '--color', '0', '--ip', '127.0.0.1'];
  const { ms } = await timedRun([TESTSSL, ...options, `localhost:${port}`]);
  const times = ms / ours;
  const said = `${'modern, 0 ms away'.padEnd(20)}${inMs(ours)}, testssl ${inMs(ms)}: ${times.toFixed(0)} times faster`;
  console.log(`${said}${wanted(times >= TIMES_TESTSSL, TIMES_TESTSSL)}`);
}

async function ourMs(port: number): Promise<number> {
  return (await timedRun([...SSLAPI, `localhost:${port}`, ...trust])).ms;
}

/** Our process is one thread, so that what it does in a minute is what a core does. */
async function many(): Promise<void> {
  const { ms, stdout, peakMb } = await timedRun([
    ...SSLAPI,
    '--targets',
    await servers.many(ENDPOINTS),
    ...trust,
  ]);
  const { reports } = JSON.parse(stdout) as { reports: readonly { readonly cipherSuites: object }[] };
  const whole = reports.filter((report) => suitesOfOurs(JSON.stringify(report)).size === 6).length;
  const perMinute = (whole / ms) * 60_000;
  console.log(
    `${`${whole} endpoints`.padEnd(20)}${inMs(ms)}, ${perMinute.toFixed(0)} a minute${wanted(perMinute >= 100, 100)}, ` +
      `${peakMb.toFixed(0)} MB${wanted(peakMb < 300 && whole === ENDPOINTS, 'less than 300')}`,
  );
}

function wanted(isHeld: boolean, what: number | string): string {
  return `, wanted ${what}: ${isHeld ? 'held' : 'MISSED'}`;
}

/** `TLSv1.2 0xc02b` and so on. */
function suitesOfSslscan(xml: string): ReadonlySet<string> {
  const found = [...xml.matchAll(/<cipher status="\w+" sslversion="([^"]+)"[^>]* id="(0x\w+)"/g)];
  return new Set(found.map(([, version, id]) => `${version!.replace(/\.0$/, '')} ${id!.toLowerCase()}`));
}

function suitesOfOurs(json: string): ReadonlySet<string> {
  const { cipherSuites } = JSON.parse(json) as {
    cipherSuites: Record<string, readonly { readonly id: string }[]>;
  };
  const found = Object.entries(cipherSuites);
  return new Set(found.flatMap(([version, suites]) => suites.map(({ id }) => `${version} ${id}`)));
}

function inMs(ms: number): string {
  return `${ms.toFixed(0).padStart(6)} ms`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
