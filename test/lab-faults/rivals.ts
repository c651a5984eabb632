import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { STACKS, type Stack, type StartedCase } from './fault.js';

/** Scanners that tell what a server asks for. */
export type Rival = 'sslscan' | 'nmap';

/** What one says of a faulty server, beside what it says of the right one of that kind. */
export type RivalWords = string;

/** What another scanner printed of one server, without what differs from run to run: places in the list of texts. */
export interface Recorded {
  readonly fault: string | null;
  readonly sslscan: number;
  readonly nmap: number;
}

export interface Recording {
  readonly recordedAt: string;
  readonly versions: Readonly<Record<Rival, string>>;
  readonly stacks: Readonly<Partial<Record<Stack, readonly Recorded[]>>>;
  /** Lines. */
  readonly texts: readonly (readonly string[])[];
}

const FILE = 'test/fixtures/lab-faults/rivals.json';

export function readRecording(): Recording | null {
  return existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : null;
}

/** What sslscan and nmap say of one case, by its place in the list of its stack, beside the first. */
export function rivalsOf(recording: Recording, stack: Stack, index: number): Record<Rival, RivalWords> {
  const [right, one] = [recording.stacks[stack]?.[0], recording.stacks[stack]?.[index]];
  if (right === undefined || one === undefined) return { sslscan: 'not recorded', nmap: 'not recorded' };
  const words = (rival: Rival): RivalWords =>
    wordsOn(recording.texts[right[rival]]!, recording.texts[one[rival]]!);
  return { sslscan: words('sslscan'), nmap: words('nmap') };
}

/** CAs first: of client certificates neither says anything else. */
function wordsOn(right: readonly string[], one: readonly string[]): RivalWords {
  const added = one.filter((line) => !right.includes(line));
  const isCa = (line: string): boolean => line.startsWith('/');
  if (added.includes('None defined (any)')) return 'names no CA';
  if (added.some(isCa))
    return right.filter(isCa).every((line) => one.includes(line)) ? 'more CAs' : 'other CAs';
  if (added.some((line) => /^(Accepted|Preferred) /.test(line))) return 'same CAs, more suites';
  return added.length === 0 && right.every((line) => one.includes(line)) ? SAME : 'other words';
}

/** Asks both of every case, and keeps what they say. */
export async function record(cases: readonly StartedCase[]): Promise<void> {
  const texts: string[] = [];
  const placeOf = (text: string): number =>
    texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1;
  const said = new Map<StartedCase, Recorded>();
  for (const one of cases) {
    const [sslscan, nmap] = await Promise.all([sslscanOf(one.port), nmapOf(one.port)]);
    said.set(one, { fault: one.lab.fault, sslscan: placeOf(sslscan), nmap: placeOf(nmap) });
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
    texts: texts.map((text) => text.split('\n')),
  };
  writeFileSync(FILE, `${JSON.stringify(recording, null, 1)}\n`);
}

async function sslscanOf(port: number): Promise<string> {
  const options = ['--no-colour', '--show-client-cas', '--sni-name=localhost', `127.0.0.1:${port}`];
  return withoutChance(await run('sslscan', options), port);
}

async function nmapOf(port: number): Promise<string> {
  const scripts = ['--script', '+ssl-enum-ciphers,+ssl-cert', '--script-args', 'tls.servername=localhost'];
  const said = await run('nmap', ['-Pn', '-n', '-p', String(port), ...scripts, '127.0.0.1']);
  return withoutChance(said, port).split('\n').sort().join('\n'); // it prints in the order that its scripts end in
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
/** Nothing that it says differs from what it says of the right configuration. */
export const SAME = 'the same';

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
    execFile(program, args, { env, maxBuffer: 2 ** 24, timeout: 120_000 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
