import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/host/run-command.js';

const folder = mkdtempSync(join(tmpdir(), 'sslapi-host-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (script: string, ...rest: Parameters<typeof runCommand>[2][]) =>
  runCommand(process.execPath, ['-e', script], ...rest);

describe('runCommand', () => {
  it('tells the exit code and what was printed where', async () => {
    const result = await node('console.log("to out"); console.error("to err"); process.exitCode = 7');

    expect(result).toEqual({
      kind: 'exited',
      code: 7,
      stdout: 'to out\n',
      stderr: 'to err\n',
      truncated: false,
    });
  });

  it('hands arguments over as they are: no shell reads them', async () => {
    const args = ['a b', '$HOME', '; touch hacked', '"', '*'];

    const result = await runCommand(process.execPath, ['-p', 'process.argv.slice(1).join("|")', ...args]);

    expect(result).toMatchObject({ kind: 'exited', code: 0, stdout: `${args.join('|')}\n` });
  });

  it('answers that a program is absent instead of throwing', async () => {
    expect(await runCommand('sslapi-no-such-program', [])).toEqual({
      kind: 'absent',
      program: 'sslapi-no-such-program',
    });
  });

  it('does not call a program absent because the working folder is', async () => {
    const missing = join(folder, 'missing');

    expect(await runCommand(process.execPath, ['-v'], { cwd: missing })).toEqual({
      kind: 'not-run',
      program: process.execPath,
      why: `there is no folder ${missing}`,
    });
  });

  it('answers that a file without the right to run was not run', async () => {
    const file = join(folder, 'not-executable');
    writeFileSync(file, '#!/bin/sh\n', { mode: 0o644 });

    expect(await runCommand(file, [])).toMatchObject({ kind: 'not-run', why: 'EACCES' });
  });

  it('answers that a program with too many arguments was not run', async () => {
    expect(await runCommand(process.execPath, ['x'.repeat(4_000_000)])).toMatchObject({
      kind: 'not-run',
      why: 'E2BIG',
    });
  });

  it('kills what takes too long, and keeps what it said until then', async () => {
    const result = await runCommand('sh', ['-c', 'echo $$; exec sleep 60'], { timeoutMs: 700 });

    expect(result).toMatchObject({ kind: 'timeout', timeoutMs: 700 });
    const pid = Number(result.kind === 'timeout' ? result.stdout : Number.NaN);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('ends what would go on for ever, once it has said that all is well', async () => {
    const until = /^all is well$/m;
    const runs = 'setInterval(() => {}, 1000); console.error(process.pid);';

    const content = await node(`${runs} console.log("all is well")`, { until });
    expect(content).toMatchObject({ kind: 'exited', code: 0, stdout: 'all is well\n' });
    await expect
      .poll(() => isRunning(Number(content.kind === 'exited' ? content.stderr : Number.NaN)))
      .toBe(false);

    expect(await node('console.log("all is not well"); process.exit(4)', { until })).toMatchObject({
      code: 4,
    });
    expect(await node(runs, { until, timeoutMs: 700 })).toMatchObject({ kind: 'timeout' });
  });

  it('keeps the first bytes of a flood and lets the program finish', async () => {
    const result = await node('process.stdout.write("x".repeat(5_000_000), () => process.exit(3))', {
      outputLimit: 1000,
    });

    expect(result).toMatchObject({ kind: 'exited', code: 3, stdout: 'x'.repeat(1000), truncated: true });
  });

  it('does not wait for a process that was left behind with the output open', async () => {
    const started = Date.now();

    const result = await runCommand('sh', ['-c', 'sleep 5 & echo $!']);

    expect(Date.now() - started).toBeLessThan(3000);
    expect(result).toMatchObject({ kind: 'exited', code: 0 });
    if (result.kind === 'exited') process.kill(Number(result.stdout));
  });

  it('tells a program that a signal ended by 128 and the number of the signal', async () => {
    expect(await node('process.kill(process.pid, "SIGTERM")')).toMatchObject({ kind: 'exited', code: 143 });
  });

  it('gives the input to read, and an end of it', async () => {
    expect(await runCommand('cat', [], { input: 'through cat' })).toMatchObject({ stdout: 'through cat' });
    expect(await runCommand('cat', [])).toMatchObject({ kind: 'exited', stdout: '' });
    expect(await runCommand('true', [], { input: 'x'.repeat(1_000_000) })).toMatchObject({
      kind: 'exited',
      code: 0,
    });
  });

  describe('the environment', () => {
    const before = { ...process.env };
    afterEach(() => {
      process.env = { ...before };
    });

    it('carries no password of ours', async () => {
      process.env.SSLAPI_CA_PASSWORD = 'hunter2';
      process.env.SSLAPI_EXPORT_PASSWORD = 'hunter3';
      process.env.SSLAPI_ROOT_PASSWORD_FILE = '/run/hunter4';
      process.env.SSLAPI_PKI = './pki';

      const result = await node('console.log(JSON.stringify(process.env))');

      expect(result).toMatchObject({ kind: 'exited', code: 0 });
      const seen = result.kind === 'exited' ? JSON.parse(result.stdout) : {};
      expect(JSON.stringify(seen)).not.toMatch(/hunter/);
      expect(seen.SSLAPI_PKI).toBe('./pki');
    });

    it('finds servers in the folders of system programs, whatever the PATH of the user', async () => {
      process.env.PATH = '/usr/bin:/bin';

      const result = await runCommand('sh', ['-c', 'echo $PATH']);

      expect(result).toMatchObject({ stdout: expect.stringMatching(/^\/usr\/bin:\/bin:.*\/usr\/sbin/) });
    });

    it('has what is added to it', async () => {
      const result = await node('process.stdout.write(process.env.SSLAPI_CRL_CHAIN)', {
        env: { SSLAPI_CRL_CHAIN: '/pki/crl-chain.pem' },
      });

      expect(result).toMatchObject({ stdout: '/pki/crl-chain.pem' });
    });
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
