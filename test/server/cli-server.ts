import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';

/** A client certificate and its key, PEM. */
export interface ClientPair {
  readonly cert: string;
  readonly key: string;
}

/** What `serve` wrote into its log. */
export interface LoggedRefusal {
  readonly code: string;
  readonly during: string;
  readonly message: string;
}

/** A PKI in a temporary folder, for `serve` as its users start it: the built command, another process. */
export interface CliLab {
  readonly folder: string;
  readonly pki: string;
  readonly ca: CertificateAuthority;
  readonly issue: (name: string) => Promise<ClientPair>;
  readonly start: (...args: readonly string[]) => Promise<CliServer>;
  readonly remove: () => Promise<void>;
}

export interface CliServer {
  readonly port: number;
  readonly address: string;
  readonly pid: number;
  /** Its refusals, as they were logged. */
  readonly log: readonly LoggedRefusal[];
  /** Lines that are no JSON on stdout, and all of stderr. */
  readonly said: () => string;
  /** Null while it runs. */
  readonly ended: () => string | null;
  /** Resident memory in MB. */
  readonly memoryMb: () => number;
  readonly get: (path: string, client: ClientPair) => Promise<HttpAnswer>;
  readonly send: (method: string, path: string, client: ClientPair, body?: string) => Promise<HttpAnswer>;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

export async function cliLab(): Promise<CliLab> {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-serve-'));
  const pki = join(folder, 'pki');
  const { ca } = await CertificateAuthority.create({ pki, passphrase: null });
  await ca.issueServer({ commonName: 'localhost' });
  const running = new Set<CliServer>();
  return {
    folder,
    pki,
    ca,
    issue: async (name) => {
      const { fullchain, privateKey } = await ca.issueClient({ commonName: name });
      return { cert: fullchain, key: privateKey };
    },
    start: async (...args) => {
      const server = await startServer(pki, args);
      running.add(server);
      return server;
    },
    remove: async () => {
      await Promise.all([...running].map((server) => server.kill('SIGKILL')));
      await ca.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(pki: string, args: readonly string[]): Promise<CliServer> {
  const own = ['serve', '--pki', pki, '--json', '--listen', '127.0.0.1:0'];
  const child = spawn(process.execPath, [resolve('bin/sslapi.js'), ...own, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: LoggedRefusal[] = [];
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const port = await new Promise<number>((done, fail) => {
    child.once('exit', (code) => fail(new Error(`serve ended with ${code}: ${said}`)));
    createInterface({ input: child.stdout as Readable }).on('line', (line) => {
      const event = readEvent(line);
      if (event?.kind === 'listening') done(event.port);
      else if (event?.kind === 'refused') log.push(event);
      else if (event === null) said += `${line}\n`;
    });
  });
  const send = (method: string, path: string, client: ClientPair, body?: string) =>
    ask(port, method, path, client, body);
  return {
    port,
    address: `127.0.0.1:${port}`,
    pid: child.pid!,
    log,
    said: () => said,
    ended: () => (hasEnded(child) ? `${child.exitCode ?? child.signalCode}` : null),
    memoryMb: () => memoryOf(child.pid!),
    get: (path, client) => send('GET', path, client),
    send,
    kill: async (signal) => {
      if (hasEnded(child)) return;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
    },
  };
}

type Event = { readonly kind: 'listening'; readonly port: number } | ({ kind: 'refused' } & LoggedRefusal);

function readEvent(line: string): Event | null {
  try {
    return JSON.parse(line) as Event;
  } catch {
    return null;
  }
}

/** Over a connection of its own. */
function ask(
  port: number,
  method: string,
  path: string,
  client: ClientPair,
  body?: string,
): Promise<HttpAnswer> {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const options = { host: '127.0.0.1', port, path, method, headers, agent: false } as const;
  return new Promise((done, fail) => {
    const sent = request({ ...options, ...client, rejectUnauthorized: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk)).once('error', fail);
      answer.once('end', () => done({ status: answer.statusCode ?? 0, body: text }));
    });
    sent.once('error', fail).end(body);
  });
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** VmRSS of proc(5). */
function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
