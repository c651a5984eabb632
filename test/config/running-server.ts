import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { startProgram } from '../../src/host/start-program.js';
import type { Client, OpensslPki } from './openssl-pki.js';

/** How a real server is started on a configuration file, in the foreground. */
export interface ServerProgram {
  readonly target: string;
  readonly program: string;
  readonly args: (file: string) => readonly string[];
  /** Where it writes its log, if it cannot write it to its standard error. */
  readonly logFile?: (folder: string, port: number) => string | null;
  /** Makes it read its files again. */
  readonly reload: (server: { kill(signal: NodeJS.Signals): boolean }, args: readonly string[]) => void;
}

export interface RunningServer {
  readonly port: number;
  /** All that it has logged so far. */
  readonly log: () => string;
  readonly reload: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts a server on a configuration, and waits until it answers. */
export async function startServer(
  { program, args, reload, logFile: ownLog = () => null }: ServerProgram,
  configuration: string,
  file: string,
  port: number,
): Promise<RunningServer> {
  writeFileSync(file, configuration);
  const arguments_ = args(file);
  const logFile = ownLog(dirname(file), port);
  const running = startProgram(program, arguments_, {
    cwd: dirname(file),
    outputLimit: 16 * 1024 * 1024,
    env: { XDG_CONFIG_HOME: dirname(file), XDG_DATA_HOME: dirname(file) }, // Caddy's last configuration
  });
  const server: RunningServer = {
    port,
    log: () =>
      running.output() + (logFile !== null && existsSync(logFile) ? readFileSync(logFile, 'utf8') : ''),
    reload: () => {
      const kill = (signal: NodeJS.Signals): boolean => {
        running.signal(signal);
        return true;
      };
      reload({ kill }, arguments_);
    },
    stop: () => running.stop(),
  };
  for (let tries = 0; !(await answers(port)); tries += 1) {
    if (tries > 900 || running.ending() !== null) {
      await server.stop();
      throw new Error(`${program} does not answer:\n${running.output()}`);
    }
    await sleep(50);
  }
  return server;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('secureConnect', () => settle(true));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code !== 'ECONNREFUSED'));
  });
}

/** What curl was told: the status, or 0 and its own error where there was no answer. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: string;
  readonly error: string;
}

/** Asks as a real client does. */
export async function curl(
  { folder }: OpensslPki,
  port: number,
  client: Client | 'none',
  ...options: readonly string[]
): Promise<Answer> {
  const credentials = client === 'none' ? [] : ['--cert', `${client}.crt`, '--key', `${client}.key`];
  const { stdout, stderr } = await run('curl', folder, [
    '-sS',
    '-i',
    '--max-time',
    '10',
    '--cacert',
    'root.crt',
    ...credentials,
    ...options,
    options.some((option) => option.startsWith('https:'))
      ? '--no-progress-meter'
      : `https://localhost:${port}/`,
  ]);
  const [headers = '', ...body] = stdout.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '').split('\r\n\r\n');
  return {
    status: Number(/^HTTP\/\S+ (\d+)/.exec(headers)?.[1] ?? 0),
    body: body.join('\r\n\r\n'),
    headers,
    error: stderr,
  };
}

/** What OpenSSL's client saw of a request in a session of its own or in one that it had kept. */
export interface SessionAnswer {
  readonly status: number;
  readonly reused: boolean;
  readonly output: string;
}

/** Sends a request by `openssl s_client`.
 *  @param session `-sess_out FILE` keeps the session, `-sess_in FILE` goes on with it */
export async function sClient(
  { folder }: OpensslPki,
  port: number,
  client: Client,
  version: '-tls1_2' | '-tls1_3',
  session: readonly string[],
): Promise<SessionAnswer> {
  const { stdout, stderr } = await run(
    'openssl',
    folder,
    [
      's_client',
      '-connect',
      `127.0.0.1:${port}`,
      '-servername',
      'localhost',
      '-CAfile',
      'root.crt',
      '-cert',
      `${client}.crt`,
      '-key',
      `${client}.key`,
      version,
      '-ign_eof',
      ...session,
    ],
    'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
  );
  const status = Number(/^HTTP\/1\.1 (\d+)/m.exec(stdout)?.[1] ?? 0);
  return { status, reused: /^Reused, /m.test(stdout), output: stdout + stderr };
}

function run(
  program: string,
  cwd: string,
  args: readonly string[],
  input?: string,
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(program, args, { cwd, timeout: 15_000 }, (_error, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
    child.stdin?.on('error', () => {}); // it may end without reading
    child.stdin?.end(input ?? '');
  });
}
