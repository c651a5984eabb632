import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';

/** A client certificate and its key, PEM. */
export interface ClientPair {
  readonly cert: string;
  readonly key: string;
}

/** What the loader does. */
export interface Load {
  readonly address: string;
  readonly path: string;
  readonly clients: readonly ClientPair[];
  /** Connections at a time. */
  readonly concurrency: number;
  readonly seconds: number;
  readonly version?: '1.2' | '1.3';
  /** All requests of a worker over one connection; else each makes a connection of its own, with a full handshake. */
  readonly keepAlive?: boolean;
  /** Take up the sessions of earlier connections. */
  readonly resume?: boolean;
  /** Ends after so many requests, if that is sooner. */
  readonly requests?: number;
  /** All workers together; as fast as they can where it is missing. */
  readonly perSecond?: number;
}

/** What came of it; times are those of whole requests, the handshake included where there is one. */
export interface LoadAnswer {
  readonly done: number;
  readonly failed: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly cpuSeconds: number;
  readonly resumed: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
}

/** Builds the loader into that folder, and gives what runs it.
 *  @param prefix a program to run it by, such as taskset */
export function mtlsLoader(
  folder: string,
  prefix: readonly string[] = [],
): (load: Load) => Promise<LoadAnswer> {
  const program = join(folder, 'mtls-load');
  const env = { ...process.env, GO111MODULE: 'off' };
  execFileSync('go', ['build', '-o', program, 'test/bench/servers/mtls-load/main.go'], { env });
  return (load) => runLoad([...prefix, program], load);
}

function runLoad([program = '', ...args]: readonly string[], load: Load): Promise<LoadAnswer> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stdin.end(JSON.stringify({ serverName: 'localhost', ...load }));
  return new Promise((done, fail) => {
    child.once('error', fail).once('close', (status) => {
      if (status === 0) done(JSON.parse(stdout) as LoadAnswer);
      else fail(new Error(`the loader ended with ${status}`));
    });
  });
}
