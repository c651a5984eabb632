// The whole of a proof, both versions of TLS, near and behind a longer way: what it takes and how many connections it makes.
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { CRL_SERVERS, REAL_SERVERS, start } from '../config/real-servers.js';
import { makeProbePki } from '../probe/probe-pki.js';
import { delayProxy } from './servers/delay-proxy.js';

const ROUNDS = Number(process.env['SSLAPI_BENCH_ROUNDS'] ?? 7);
/** In milliseconds, by the round trip. */
const WANTED: ReadonlyArray<readonly [roundTripMs: number, atMost: number]> = [
  [0, 1000],
  [50, 2000],
];

const pki = await makeProbePki();
try {
  const withSessions = (text: string): string => text.replace(/ssl_session_tickets +off;/, '');
  const servers = [
    ...CRL_SERVERS.map((real) => ({ name: real.target, real, change: (text: string) => text })),
    { name: 'nginx with sessions', real: REAL_SERVERS[0]!, change: withSessions },
  ];
  for (const { name, real, change } of servers) {
    const server = await start(real, pki.served, {}, change);
    try {
      for (const [roundTripMs, atMost] of WANTED) await measure(name, server.port, roundTripMs, atMost);
    } finally {
      await server.stop();
    }
  }
} finally {
  await pki.close();
}

async function measure(name: string, port: number, roundTripMs: number, atMost: number): Promise<void> {
  const proxy = await delayProxy(port, roundTripMs);
  const target = `localhost:${roundTripMs === 0 ? port : proxy.port}`;
  const took: number[] = [];
  let report: ProbeReport | undefined;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startedAt = performance.now();
    report = await probe(target, { ca: pki.ca, proveMtls: true });
    if (round > 0) took.push(performance.now() - startedAt); // the first one warms up
  }
  proxy.close();
  const median = took.sort((a, b) => a - b)[took.length >> 1]!;
  const { verdict, proof, connections } = report!;
  console.log(
    `${name.padEnd(20)} ${String(roundTripMs).padStart(2)} ms away: ${median.toFixed(0).padStart(5)} ms, ${verdict}, ` +
      `${proof!.length} rows, ${connections} connections, wanted ${atMost} ms: ${median <= atMost ? 'held' : 'MISSED'}`,
  );
}
