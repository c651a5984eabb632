import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type RunningProgram, startProgram } from '../../src/host/start-program.js';
import { until } from './until.js';

const folder = mkdtempSync(join(tmpdir(), 'sslapi-start-'));
let running: RunningProgram | undefined;
afterEach(() => {
  running?.kill();
  delete process.env['SSLAPI_CA_PASSWORD'];
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (script: string, options: Parameters<typeof startProgram>[2] = {}) => {
  running = startProgram(process.execPath, ['-e', script], options);
  return running;
};
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const FOR_EVER = 'setInterval(() => {}, 1000);';

describe('startProgram', () => {
  it('lets it run, gives it a signal and tells how it ended', async () => {
    const program = node(
      `process.on('SIGHUP', () => { console.log('read again'); process.exit(4); }); console.log('ready'); ${FOR_EVER}`,
    );
    await until(() => program.output().includes('ready'));
    expect(program.ending()).toBeNull();

    program.signal('SIGHUP');
    await until(() => program.ending() !== null);

    expect(program.ending()).toEqual({ kind: 'exited', code: 4 });
    expect(program.output()).toContain('read again');
  });

  it('stops what it has started itself too, also where neither heeds a request to end', async () => {
    const deaf = `process.on('SIGTERM', () => {}); ${FOR_EVER}`;
    const program = node(
      `const { spawn } = require('node:child_process');
       const child = spawn(process.execPath, ['-e', ${JSON.stringify(`${deaf} console.log('child is up');`)}], { stdio: 'inherit' });
       console.log('pids', process.pid, child.pid, '.'); ${deaf}`,
    );
    await until(() => /pids .* \./.test(program.output()) && program.output().includes('child is up'));
    const [, own, childs] = /pids (\d+) (\d+) \./.exec(program.output())!.map(Number);
    expect([isAlive(own!), isAlive(childs!)]).toEqual([true, true]);

    await program.stop(100);

    expect([isAlive(own!), isAlive(childs!)]).toEqual([false, false]);
    expect(program.ending()).toEqual({ kind: 'exited', code: 128 + 9 });
    await program.stop(); // nothing is left to stop
  });

  it('keeps the last that was printed, and no more than it may', async () => {
    const program = node(`for (let i = 0; i < 9999; i += 1) console.log('line', i);`, {
      outputLimit: 1000,
    });
    await until(() => program.output().endsWith('line 9998\n'));

    expect(Buffer.byteLength(program.output())).toBeLessThanOrEqual(1000);
  });

  it('hands none of our passwords over', async () => {
    process.env['SSLAPI_CA_PASSWORD'] = 'secret';

    const program = node('console.log("env", process.env.SSLAPI_CA_PASSWORD, process.cwd())', {
      cwd: folder,
    });
    await until(() => program.ending() !== null && program.output() !== '');

    expect(program.output()).toBe(`env undefined ${folder}\n`);
  });

  it.each([
    ['sslapi-no-such-program', { kind: 'absent' }],
    ['/etc/passwd', { kind: 'not-run', why: 'EACCES' }],
  ])('tells of %s that it cannot be run, instead of throwing', async (program, ending) => {
    running = startProgram(program, []);
    await until(() => running!.ending() !== null);

    expect(running.ending()).toEqual(ending);
    await running.stop();
  });
});
