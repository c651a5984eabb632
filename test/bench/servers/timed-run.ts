import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** How long a command took, and what it said. */
export interface TimedRun {
  readonly ms: number;
  readonly stdout: string;
  /** The most memory that it had at once, in MB; 0 where the system does not say. */
  readonly peakMb: number;
}

/** Runs a command from its start to its end; asynchronously, for a proxy in this process must go on. */
export function timedRun([program = '', ...args]: readonly string[]): Promise<TimedRun> {
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let [stdout, peakMb] = ['', 0];
  const look = setInterval(() => {
    peakMb = Math.max(peakMb, peakOf(child.pid));
  }, 100);
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  return new Promise((done, fail) => {
    child.once('error', fail).once('close', () => {
      clearInterval(look);
      done({ ms: performance.now() - startedAt, stdout, peakMb });
    });
  });
}

/** VmHWM of proc(5): it only ever grows, so that the last look is the one that counts. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has ended, or this is no Linux
  }
}
