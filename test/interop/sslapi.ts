import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const BINARY = resolve('bin/sslapi.js');

/** What a command came to. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder to run `sslapi` in as its users do: another process, no terminal, an environment without settings. */
export class Workplace {
  readonly path = mkdtempSync(join(tmpdir(), 'sslapi-interop-'));

  at(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, [BINARY, ...args], {
      cwd: this.path,
      env: { ...plainEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Runs a command, whatever comes of it. */
  run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return this.program(process.execPath, [BINARY, ...args], env);
  }

  /** Runs a command that must succeed, and gives its standard output. */
  async ok(...args: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args);
    if (exitCode !== 0) throw new Error(`sslapi ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
    return stdout;
  }

  /** The JSON document of a command that must succeed. */
  async json<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.ok(...args, '--json')) as T;
  }

  /** Runs any other program here. */
  program(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
    return new Promise((settle) => {
      const options = { cwd: this.path, env: { ...plainEnvironment(), ...env }, maxBuffer: 2 ** 26 };
      execFile(program, args, options, (error, stdout, stderr) =>
        settle({ exitCode: error === null ? 0 : Number(error.code ?? 255), stdout, stderr }),
      ).stdin?.end();
    });
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Runs the jobs, so many at a time. */
export async function inParallel<T>(
  count: number,
  atATime: number,
  job: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (let index = next++; index < count; index = next++) results[index] = await job(index);
    }),
  );
  return results;
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('SSLAPI_'));
  return { ...Object.fromEntries(kept), NO_COLOR: '1', PATH: `${process.env['PATH']}:/usr/sbin` };
}
