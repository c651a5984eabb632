import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderFiles } from '../../src/config/render.js';
import { freePort } from '../free-port.js';

/** A target that is a whole program, and what runs it. */
export interface Program {
  readonly target: string;
  /** Programs and libraries that must be on this machine. */
  readonly needs: readonly string[];
  /** Makes it ready to be run in a folder where its files lie; gives the command. */
  readonly build: (folder: string) => readonly [string, ...string[]];
  /** Whether it reads changed files with the next request, instead of by itself. */
  readonly isLazy?: boolean;
}

/** A program that runs on what `config` wrote. */
export interface RunningProgram {
  readonly port: number;
  readonly log: () => string;
  /** Waits until its log says that again, beyond what it said when `from` was taken. */
  readonly says: (what: RegExp, from?: number) => Promise<void>;
  /** Asks it to stop; gives its exit code. */
  readonly stop: () => Promise<number | null>;
}

/** The program of a framework on Node, which must find that framework. */
export function nodeProgram(target: string): Program {
  return {
    target,
    needs: ['node', 'openssl'],
    build: (folder) => {
      symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
      return [process.execPath, join(folder, 'server.mjs')];
    },
  };
}

/** Writes a program for these files, and starts it.
 *  @param change what is done to its text first, to show that a test sees it */
export async function startProgram(
  { target, build }: Program,
  folder: string,
  wishes: Pick<ConfigRequest, 'files'> & Partial<ConfigRequest>,
  change: (text: string) => string = (text) => text,
): Promise<RunningProgram> {
  const port = await freePort();
  const home = join(folder, `${target}-${port}`);
  mkdirSync(home);
  const files = renderFiles({
    target,
    level: 'intermediate',
    clientAuth: 'require',
    serverName: 'localhost',
    listen: { host: '127.0.0.1', port },
    standalone: true,
    ...wishes,
  });
  for (const { name, text } of files) writeFileSync(join(home, name), change(text));
  const [program, ...args] = build(home);
  return run(program, args, port);
}

async function run(program: string, args: readonly string[], port: number): Promise<RunningProgram> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  let stopped: Promise<number | null> | undefined;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += chunk));
  const running: RunningProgram = {
    port,
    log: () => log,
    says: async (what, from = 0) => {
      for (let tries = 0; !what.test(log.slice(from)); tries += 1) {
        if (tries > 2_000 || child.exitCode !== null) throw new Error(`${what} was never said:\n${log}`);
        await sleep(20);
      }
    },
    stop: () => (stopped ??= stop(child)),
  };
  await running.says(/listening/);
  return running;
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 8000);
  await once(child, 'exit');
  clearTimeout(late);
  return child.exitCode;
}

/** What a client was answered; status 0 where it was not. */
export interface ProgramAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The files of a client, and of the root that it trusts. */
export interface Caller {
  readonly ca: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Asks a program over a connection of its own, or over that of an agent. */
export function ask(
  port: number,
  caller: Caller,
  { body, ...options }: RequestOptions & { readonly body?: string | Buffer } = {},
): Promise<ProgramAnswer> {
  const { ca, cert, key } = caller;
  const credentials = cert === undefined ? {} : { cert: readFileSync(cert), key: readFileSync(key!) };
  return new Promise((settle) => {
    const sent = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port,
        ca: readFileSync(ca),
        agent: new Agent({ keepAlive: false }),
        ...credentials,
        ...options,
      },
      async (response) => {
        const chunks: Buffer[] = [];
        try {
          for await (const chunk of response) chunks.push(chunk as Buffer);
        } catch {
          // it ended early: what has come is told
        }
        const { statusCode = 0, headers } = response;
        settle({ status: statusCode, headers, body: Buffer.concat(chunks).toString('utf8') });
      },
    );
    sent.on('error', () => settle({ status: 0, headers: {}, body: '' }));
    sent.end(body);
  });
}
