import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CertificateAuthority } from '../../../src/ca/certificate-authority.js';
import { policyOf } from '../../../src/policy/policies.js';
import { type ClientPair, type Load, type LoadAnswer, mtlsLoader } from './mtls-load.js';

/** A PKI in a temporary folder, `serve` and others on it, and a loader on another core than theirs. */
export interface ServeLab {
  readonly folder: string;
  readonly ca: CertificateAuthority;
  /** Their certificates with the issuing CA's behind it, as clients present them. */
  readonly clients: readonly ClientPair[];
  readonly load: (load: Load) => Promise<LoadAnswer>;
  readonly startServe: (options?: ServeOptions) => Promise<LoadedServer>;
  /** The yardstick: node:https itself, which answers these octets. */
  readonly startBare: (answer: BareAnswer) => Promise<LoadedServer>;
  readonly remove: () => Promise<void>;
}

export interface ServeOptions {
  /** More arguments of `serve`. */
  readonly args?: readonly string[];
  /** Arguments of Node. */
  readonly node?: readonly string[];
}

export interface BareAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether OpenSSL asks the CRLs, too. */
  readonly crl?: boolean;
}

export interface LoadedServer {
  readonly address: string;
  readonly process: ChildProcess;
  /** Processor seconds that it has taken since it was started. */
  readonly cpuSeconds: () => number;
  readonly stop: () => Promise<void>;
}

export async function serveLab(clientCount: number): Promise<ServeLab> {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-load-'));
  const pki = join(folder, 'pki');
  const { ca } = await CertificateAuthority.create({ pki, passphrase: null });
  const running = new Set<LoadedServer>();
  const [onFirst, onSecond] = cores();
  const server = await ca.issueServer({ commonName: 'localhost' });
  const clients: ClientPair[] = [];
  for (let count = 0; count < clientCount; count += 1) {
    const { fullchain, privateKey } = await ca.issueClient({ commonName: `load-${count}` });
    clients.push({ cert: fullchain, key: privateKey });
  }

  async function started(child: ChildProcess, portOf: (line: string) => number): Promise<LoadedServer> {
    const line = await firstLine(child);
    const one: LoadedServer = {
      address: `127.0.0.1:${portOf(line)}`,
      process: child,
      cpuSeconds: () => cpuSecondsOf(child.pid!),
      stop: async () => {
        running.delete(one);
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGKILL');
        await ended;
      },
    };
    running.add(one);
    return one;
  }

  return {
    folder,
    ca,
    clients,
    load: mtlsLoader(folder, onSecond),
    startServe: ({ args = [], node = [] } = {}) => {
      const [program = '', ...before] = [...onFirst, process.execPath, ...node, resolve('bin/sslapi.js')];
      const own = ['serve', '--pki', pki, '--listen', '127.0.0.1:0', '--json', ...UNLIMITED];
      const stdio = ['ignore', 'pipe', 'ignore', 'ipc'] as const;
      return started(spawn(program, [...before, ...own, ...args], { stdio: [...stdio] }), portOfJson);
    },
    startBare: ({ headers, body, crl = false }) => {
      const [program = '', ...args] = [...onFirst, process.execPath, 'test/bench/servers/bare-https.mjs'];
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      const crls = readFileSync(join(pki, 'crl-chain.pem'), 'utf8').split(/(?<=-----END X509 CRL-----\n)/);
      const tls = {
        cert: server.fullchain,
        key: server.privateKey,
        ca: readFileSync(join(pki, 'ca-chain.crt'), 'utf8'),
        ciphers: suites(),
        minVersion: 'TLSv1.2',
        ...(crl && { crl: crls }),
      };
      child.stdin?.end(JSON.stringify({ tls, headers, body }));
      return started(child, Number);
    },
    remove: async () => {
      await Promise.all([...running].map((one) => one.stop()));
      await ca.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What puts servers and the loader on a core each, so that neither takes the other's time. */
function cores(): [server: readonly string[], loader: readonly string[]] {
  if (process.platform !== 'linux' || cpus().length < 2) return [[], []];
  return [
    ['taskset', '-c', '0'],
    ['taskset', '-c', '1'],
  ];
}

/** Those of `serve`. */
function suites(): string {
  const { cipherSuites } = policyOf('intermediate');
  return [...cipherSuites['TLSv1.3'], ...cipherSuites['TLSv1.2']]
    .map(({ opensslName }) => opensslName)
    .join(':');
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout as Readable });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the server ended with ${code}`);
  });
  const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string];
  lines.on('line', () => undefined); // the rest of its log is read and thrown away
  ended.catch(() => undefined);
  return line;
}

function portOfJson(line: string): number {
  return (JSON.parse(line) as { port: number }).port;
}

/** utime and stime of proc(5), in hundredths of a second. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Each identity's requests are counted, and nobody's are too many. */
const UNLIMITED = ['--rate-limit', '1000000/1s'];
