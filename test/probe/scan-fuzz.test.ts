import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { probe } from '../../src/probe/probe.js';
import { peer } from '../peers/peer.js';
import { FaultyServers } from '../tls/faulty-server.js';
import { type LabCertificates, labCertificates } from '../tls/lab-certificates.js';
import { LabServers } from '../tls/lab-servers.js';
import { type Seeded, seeded } from '../tls/seeded.js';

/** SSLAPI_FUZZ_SEED runs another series, SSLAPI_FUZZ_SECONDS a longer one. */
const SEED = Number(process.env['SSLAPI_FUZZ_SEED'] ?? 9325);
const SECONDS = Number(process.env['SSLAPI_FUZZ_SECONDS'] ?? 5);
const there = peer('nginx') && peer('openssl');

const proxies = new FaultyServers();
let lab: LabCertificates;
let servers: LabServers;
let nginx: number;
let openssl: number;
const uncaught: unknown[] = [];
const keep = (error: unknown): number => uncaught.push(error);

beforeAll(async () => {
  process.on('uncaughtException', keep).on('unhandledRejection', keep);
  if (!there) return;
  lab = labCertificates();
  servers = new LabServers(lab);
  lab.issue('server-rsa', { keyType: 'rsa' });
  const [certificate, key] = [lab.path('server-rsa.crt'), lab.path('server-rsa.key')];
  nginx = await servers.nginx(
    `ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_ciphers ALL:@SECLEVEL=0;`,
    'TLSv1 TLSv1.1 TLSv1.2 TLSv1.3',
  );
  openssl = await servers.openssl('-cert', certificate, '-key', key, '-cipher', 'ALL:@SECLEVEL=0', '-www');
});
afterAll(async () => {
  process.off('uncaughtException', keep).off('unhandledRejection', keep);
  proxies.close();
  await servers?.close();
  lab?.close();
});

it.runIf(there)(
  'a whole scan of a real server whose answers are spoiled on the way ends in a report, whatever comes',
  async () => {
    const random = seeded(SEED);
    const ports = await Promise.all([nginx, openssl].map((port) => proxies.listen(spoiling(port, random))));
    const until = Date.now() + SECONDS * 1000;
    const verdicts = new Map<string, number>();
    do {
      for (const port of ports) {
        const report = await probe(`127.0.0.1:${port}`, { timeoutMs: 400, trust: [] });
        const came = report.error?.code ?? report.verdict;
        verdicts.set(came, (verdicts.get(came) ?? 0) + 1);
        expect(JSON.parse(JSON.stringify(report))).toMatchObject({
          schemaVersion: 1,
          verdict: report.verdict,
        });
        expect(report.verdict).not.toBe('pass'); // a self-made certificate, with no root to trust
      }
    } while (Date.now() < until);

    expect(uncaught).toEqual([]);
    expect([...verdicts.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1);
  },
  SECONDS * 1000 + 120_000,
);

/** Hands everything through to the server, and of what comes back spoils some on some connections. */
function spoiling(port: number, random: Seeded): (socket: Socket) => void {
  return (socket) => {
    const server = connect(port, '127.0.0.1');
    const often = random.below(4);
    server.on('data', (bytes) => {
      const spoiled = often > 0 && random.below(often + 1) === 0 ? spoil(bytes, random) : bytes;
      if (!socket.destroyed) socket.write(spoiled);
    });
    server.on('error', () => socket.destroy()).on('end', () => socket.end());
    socket.on('data', (bytes) => server.write(bytes));
    socket.on('close', () => server.destroy()).on('end', () => server.end());
  };
}

function spoil(bytes: Uint8Array, random: Seeded): Uint8Array {
  const kind = random.below(8);
  return kind === 0 ? random.bytes(random.below(300)) : random.mutated(bytes);
}
