import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { STACKS, type Stack, type StartedCase } from './fault.js';

/** Scanners that tell what a server asks for. */
export type Rival = 'sslscan' | 'nmap';

/** What one says of a faulty server, beside what it says of the right one of that kind. */
export type RivalWords = string;

/** What another scanner printed of one server, without what differs from run to run. */
export interface Recorded {
  readonly fault: string | null;
  readonly sslscan: string;
  readonly nmap: string;
}

export interface Recording {
  readonly recordedAt: string;
  readonly versions: Readonly<Record<Rival, string>>;
  readonly stacks: Readonly<Partial<Record<Stack, readonly Recorded[]>>>;
}

const FILE = 'test/fixtures/lab-faults/rivals.json';

export function readRecording(): Recording | null {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : null;
}

/** What sslscan and nmap say of one case, by its place in the list of its stack. */
export function rivalsOf(stack: Stack, index: number): Record<Rival, RivalWords> {
  const recorded = readRecording()?.stacks[stack];
  const [right, one] = [recorded?.[0], recorded?.[index]];
  if (right === undefined || one === undefined) return { sslscan: 'not recorded', nmap: 'not recorded' };
  return { sslscan: wordsOn('sslscan', right, one), nmap: wordsOn('nmap', right, one) };
}

/** Caddy has no right configuration: its best stands for it. */
function wordsOn(rival: Rival, right: Recorded, one: Recorded): RivalWords {
  if (right[rival] === one[rival]) return SAME;
  const added = linesBeside(one[rival], right[rival]);
  const names = added.filter((line) => line.startsWith('/') || line.startsWith('CN='));
  if (names.length > 3) return `names ${names.length} more CAs`;
  if (names.length > 0) return `names ${names.join(', ')}`;
  return added.length > 0 ? added.slice(0, 2).join('; ') : 'names no CA';
}

function linesBeside(text: string, other: string): string[] {
  const known = new Set(other.split('\n'));
  return text.split('\n').filter((line) => !known.has(line));
}

/** Asks both of every case, and keeps what they say. */
export async function record(cases: readonly StartedCase[]): Promise<Recording> {
  const said = new Map<StartedCase, Recorded>();
  for (const one of cases) {
    const { port, lab } = one;
    const [sslscan, nmap] = await Promise.all([sslscanOf(port), nmapOf(port)]);
    said.set(one, { fault: lab.fault, sslscan, nmap });
  }
  const of = (stack: Stack): Recorded[] =>
    cases.flatMap((one) => (one.stack === stack ? [said.get(one)!] : []));
  const recording: Recording = {
    recordedAt: new Date().toISOString().slice(0, 10),
    versions: {
      sslscan: /\d+\.\d+\.\d+/.exec(await run('sslscan', ['--version']))?.[0] ?? 'unknown',
      nmap: /\d+\.\d+/.exec(await run('nmap', ['--version']))?.[0] ?? 'unknown',
    },
    stacks: Object.fromEntries(STACKS.map((stack) => [stack, of(stack)])),
  };
  writeFileSync(FILE, `${JSON.stringify(recording, null, 1)}\n`);
  return recording;
}

async function sslscanOf(port: number): Promise<string> {
  const options = ['--no-colour', '--show-client-cas', '--sni-name=localhost', `127.0.0.1:${port}`];
  return withoutChance(await run('sslscan', options), port);
}

async function nmapOf(port: number): Promise<string> {
  const scripts = ['--script', '+ssl-enum-ciphers,+ssl-cert', '--script-args', 'tls.servername=localhost'];
  const said = await run('nmap', ['-Pn', '-n', '-p', String(port), ...scripts, '127.0.0.1']);
  return withoutChance(said, port);
}

/** Versions of the tools, times and numbers of ports are no word on the server; nor is the order of what comes as it comes. */
function withoutChance(text: string, port: number): string {
  return text
    .replaceAll(String(port), 'PORT')
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter((line) => line !== '' && !CHANCE.test(line))
    .join('\n');
}

/** nmap guesses a service from the number of the port. */
const CHANCE =
  /^(Version:|OpenSSL |Starting Nmap|Nmap done|Nmap scan report|Host is up|Connected to|PORT\/tcp|PORT STATE)|Not valid|latency/;
const SAME = 'the same as of the right one';

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
    execFile(program, args, { env, maxBuffer: 2 ** 24, timeout: 120_000 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
