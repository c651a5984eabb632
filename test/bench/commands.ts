// Side by side, in one run, interleaved: our commands, `node -e 0` that every one of them contains, and easy-rsa.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROUNDS = Number(process.env['SSLAPI_BENCH_ROUNDS'] ?? 15);
const EASYRSA = '/usr/share/easy-rsa/easyrsa';
const SSLAPI = resolve('bin/sslapi.js');
const PBKDF2 = "require('node:crypto').pbkdf2Sync('password', 'salt', 600000, 32, 'sha256')";

interface Row {
  readonly what: string;
  readonly command: (round: number) => readonly string[];
  /** The row that it is compared with, and how many times that it may take. */
  readonly against?: string;
  readonly limit?: number;
}

const folder = mkdtempSync(join(tmpdir(), 'sslapi-bench-'));
try {
  prepare();
  const medians = measure(rows());
  for (const { what, against, limit } of rows()) {
    const ratio = against === undefined ? undefined : medians.get(what)! / medians.get(against)!;
    const wanted =
      limit === undefined ? '' : `, wanted at most ${limit}: ${ratio! <= limit ? 'held' : 'MISSED'}`;
    const compared = ratio === undefined ? '' : `  ${ratio.toFixed(2)} times ${against}${wanted}`;
    console.log(`${what.padEnd(34)}${medians.get(what)!.toFixed(0).padStart(6)} ms${compared}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function rows(): readonly Row[] {
  const sslapi = (...args: string[]): readonly string[] => ['node', SSLAPI, ...args];
  return [
    { what: 'node -e 0', command: () => ['node', '-e', '0'] },
    { what: 'node and one PBKDF2', command: () => ['node', '-e', PBKDF2] },
    { what: 'sslapi --version', command: () => sslapi('--version'), against: 'node -e 0', limit: 1.5 },
    {
      what: 'issue-client, CA in clear',
      command: (round) => sslapi('issue-client', `plain-${round}`, '--pki', 'plain', '-q'),
      against: 'node -e 0',
      limit: 2,
    },
    {
      what: 'issue-client, CA encrypted',
      command: (round) =>
        sslapi('issue-client', `locked-${round}`, '--pki', 'locked', '--password-file', 'password', '-q'),
      against: 'node and one PBKDF2',
      limit: 1.5,
    },
    {
      what: 'verify, one chain',
      command: () => sslapi('verify', 'plain/issued/api.test/cert.pem', '--pki', 'plain'),
      against: 'node -e 0',
      limit: 2.5,
    },
    ...(existsSync(EASYRSA)
      ? [
          {
            what: 'easy-rsa build-client-full',
            command: (round: number) => [EASYRSA, '--batch', 'build-client-full', `rival-${round}`, 'nopass'],
            against: 'issue-client, CA in clear',
          },
        ]
      : []),
  ];
}

function prepare(): void {
  writeFileSync(join(folder, 'password'), 'correct horse battery staple\n', { mode: 0o600 });
  const sslapi = (...args: string[]): unknown =>
    execFileSync('node', [SSLAPI, ...args], { cwd: folder, stdio: 'pipe' });
  sslapi('init-ca', '--no-password', '--pki', 'plain');
  sslapi('init-ca', '--password-file', 'password', '--pki', 'locked');
  sslapi('issue-server', 'api.test', '--pki', 'plain');
  if (!existsSync(EASYRSA)) return;
  const env = { ...process.env, EASYRSA_ALGO: 'ec', EASYRSA_CURVE: 'prime256v1' };
  for (const args of [['init-pki'], ['--batch', 'build-ca', 'nopass']]) {
    execFileSync(EASYRSA, args, { cwd: folder, env, stdio: 'pipe' });
  }
}

/** Runs every row once a round, so that all of them meet the same moods of the machine; medians in milliseconds. */
function measure(all: readonly Row[]): ReadonlyMap<string, number> {
  const times = new Map<string, number[]>(all.map(({ what }) => [what, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { what, command } of all) times.get(what)!.push(timeOf(command(round), what));
  }
  return new Map([...times].map(([what, list]) => [what, median(list)]));
}

function timeOf([program = '', ...args]: readonly string[], what: string): number {
  const env = { ...process.env, EASYRSA_ALGO: 'ec', EASYRSA_CURVE: 'prime256v1' };
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program === 'node' ? process.execPath : program, args, {
    cwd: folder,
    env,
    stdio: 'pipe',
  });
  const elapsed = Number(process.hrtime.bigint() - started) / 1e6;
  if (status !== 0) throw new Error(`${what} ended with ${status}: ${stderr}`);
  return elapsed;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
