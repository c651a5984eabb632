// Side by side, in one run: `verify --batch`'s core, a loop over Go's crypto/x509 and `openssl verify` as a process.
// Run it with: esbuild test/bench/verify.ts --bundle --platform=node --format=esm | node --input-type=module
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchAnswerer } from '../../src/path/verify-line.js';
import { type Made, makeCa, makeKey, makeLeaf, NOW } from '../path/certificate-maker.js';

const CHAINS = Number(process.env['SSLAPI_BENCH_CHAINS'] ?? 10_000);
const OPENSSL_CHAINS = 50;

/** Microseconds a chain. */
interface Figure {
  readonly wall: number;
  readonly cpu: number;
}

const folder = mkdtempSync(join(tmpdir(), 'sslapi-bench-'));
try {
  const go = join(folder, 'go-verify');
  const environment = { ...process.env, GO111MODULE: 'off' };
  execFileSync('go', ['build', '-o', go, 'test/interop/go-verify/main.go'], { env: environment });
  const shared = write('shared.jsonl', sharedChains());
  const own = write('own.jsonl', ownChains());
  const rows: Array<[string, Figure, Figure]> = [
    ['chains that share their CAs', ours(shared), byGo(go, shared)],
    ['chains with CAs of their own', ours(own), byGo(go, own)],
  ];
  const openssl = byOpenssl(shared);

  for (const [what, mine, his] of rows) {
    const ratio = (mine.cpu / his.cpu).toFixed(2);
    console.log(`${what}: ${show(mine)}; Go ${show(his)}; CPU ${ratio} of Go's`);
  }
  console.log(
    `openssl verify, a process a chain: ${show(openssl)}; ${(openssl.wall / rows[0]![1].wall).toFixed(0)} times ours`,
  );
  console.log(
    `heap in use after ${2 * CHAINS} chains: ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function ours(file: string): Figure {
  const answer = batchAnswerer(() => NOW);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const before = process.cpuUsage();
  const start = performance.now();
  const accepted = lines.filter((line) => answer(line).includes('"ok":true')).length;
  const wall = ((performance.now() - start) * 1000) / lines.length;
  const { user, system } = process.cpuUsage(before);
  if (accepted !== lines.length) throw new Error(`${lines.length - accepted} good chains were refused`);
  return { wall, cpu: (user + system) / lines.length };
}

function byGo(program: string, file: string): Figure {
  return JSON.parse(execFileSync(program, ['-time', file], { encoding: 'utf8' })) as Figure;
}

function byOpenssl(file: string): Figure {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, OPENSSL_CHAINS);
  const chains = lines.map((line, index) => {
    const { leaf, trusted, untrusted } = JSON.parse(line) as {
      leaf: string;
      trusted: string[];
      untrusted: string[];
    };
    return [
      ['-CAfile', trusted],
      ['-untrusted', untrusted],
      [null, [leaf]],
    ].flatMap(([flag, pems], part) => [
      ...(flag === null ? [] : [flag as string]),
      write(`${index}-${part}.pem`, pems as string[]),
    ]);
  });
  const before = process.resourceUsage();
  const start = performance.now();
  for (const chain of chains) {
    const { status } = spawnSync('openssl', [
      'verify',
      '-no-CApath',
      '-attime',
      String(NOW.getTime() / 1000),
      ...chain,
    ]);
    if (status !== 0) throw new Error('openssl refused a good chain');
  }
  const after = process.resourceUsage();
  const cpu = after.userCPUTime + after.systemCPUTime - before.userCPUTime - before.systemCPUTime;
  return { wall: ((performance.now() - start) * 1000) / chains.length, cpu: cpu / chains.length };
}

function sharedChains(): string[] {
  const root = makeCa('CN=Root');
  const issuing = makeCa('CN=Issuing', { issuer: root });
  return Array.from({ length: CHAINS }, (_, index) =>
    lineOf(index, makeLeaf(issuing, hostOf(index)), issuing, root),
  );
}

function ownChains(): string[] {
  return Array.from({ length: CHAINS }, (_, index) => {
    const root = makeCa(`CN=Root ${index}`);
    const issuing = makeCa(`CN=Issuing ${index}`, { issuer: root });
    return lineOf(index, makeLeaf(issuing, hostOf(index), { key: makeKey() }), issuing, root);
  });
}

function lineOf(index: number, leaf: Made, issuing: Made, root: Made): string {
  return JSON.stringify({
    id: String(index),
    leaf: leaf.pem,
    trusted: [root.pem],
    untrusted: [issuing.pem],
    crls: [],
    at: NOW.toISOString(),
    purpose: 'server',
    names: [{ type: 'dns', value: hostOf(index) }],
    maxDepth: null,
    profile: 'rfc5280',
    policy: null,
  });
}

function hostOf(index: number): string {
  return `h${index}.bench.test`;
}

function write(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), lines.join('\n'));
  return join(folder, name);
}

function show({ wall, cpu }: Figure): string {
  return `${wall.toFixed(0)} µs (${cpu.toFixed(0)} µs CPU)`;
}
