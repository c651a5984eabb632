// A whole scan beside sslscan's, on one up-to-date nginx and one that speaks everything, near and behind a longer way.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { labCertificates } from '../tls/lab-certificates.js';
import { LabServers } from '../tls/lab-servers.js';
import { delayProxy } from './servers/delay-proxy.js';

const ROUNDS = Number(process.env['SSLAPI_BENCH_ROUNDS'] ?? 5);
const SSLAPI = resolve('bin/sslapi.js');
/** How many times faster than sslscan a scan is wanted to be, by the round trip in milliseconds. */
const WANTED: ReadonlyArray<readonly [roundTripMs: number, faster: number]> = [
  [0, 1],
  [10, 5],
  [50, 10],
];

const lab = labCertificates();
const servers = new LabServers(lab);
try {
  lab.issue('rsa', { keyType: 'rsa' });
  lab.issue('ec');
  execFileSync('openssl', ['dhparam', '-dsaparam', '-out', 'dh.pem', '2048'], {
    cwd: lab.folder,
    stdio: 'pipe',
  });
  const modern = await servers.nginx(`${keyOf('ec')} ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;`);
  const weak =
    await servers.nginx(`${keyOf('rsa')} ssl_protocols TLSv1 TLSv1.1; ssl_dhparam ${lab.path('dh.pem')};
ssl_prefer_server_ciphers on; ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;`);
  for (const [name, port] of [
    ['modern', modern],
    ['weak', weak],
  ] as const)
    for (const [roundTripMs, faster] of WANTED) await compare(name, port, roundTripMs, faster);
} finally {
  servers.close();
  lab.close();
}

async function compare(name: string, port: number, roundTripMs: number, faster: number): Promise<void> {
  const proxy = await delayProxy(port, roundTripMs);
  const target = `localhost:${roundTripMs === 0 ? port : proxy.port}`;
  const ours = ['node', SSLAPI, 'probe', target, '--cacert', lab.path('ca.crt')];
  const took = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    took.ours.push(await timed(ours));
    took.theirs.push(await timed(['sslscan', target]));
  }
  const connections = proxy.connections() / ROUNDS;
  proxy.close();
  const [us, them] = [median(took.ours), median(took.theirs)];
  const held = them / us >= faster ? 'held' : 'MISSED';
  console.log(
    `${name.padEnd(7)} ${String(roundTripMs).padStart(2)} ms away: ${us.toFixed(0).padStart(6)} ms, sslscan ${them.toFixed(0).padStart(6)} ms, ` +
      `${(them / us).toFixed(1)} times faster, wanted ${faster}: ${held}` +
      (roundTripMs === 0 ? '' : ` (${connections.toFixed(0)} connections of both together)`),
  );
}

function keyOf(name: string): string {
  return `ssl_certificate ${lab.path(`${name}.crt`)}; ssl_certificate_key ${lab.path(`${name}.key`)};`;
}

/** Not spawnSync: the proxy of this process must go on. */
function timed([program = '', ...args]: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const child: ChildProcess = spawn(program, args, { stdio: 'ignore' });
  return new Promise((done, fail) => {
    child.once('error', fail).once('exit', () => done(performance.now() - startedAt));
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
