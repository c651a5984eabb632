import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_KINDS } from '../../../src/server/bad/kinds/index.js';
import { build } from '../../build.js';
import { Workplace } from '../../interop/sslapi.js';

const place = new Workplace();
beforeAll(async () => {
  build();
  await place.ok('init-ca', '--no-password');
}, 120_000);
afterAll(() => place.remove());

type Line = Readonly<Record<string, unknown>>;

/** `serve --bad` until Ctrl-C: the lines that it has printed when there are so many, and how it ends. */
async function served(args: readonly string[], count: number, meanwhile: (lines: Line[]) => Promise<void>) {
  const child = place.start(['serve', '--json', '--listen', '127.0.0.1:0', ...args]);
  let [stdout, stderr] = ['', ''];
  const lines = (): Line[] =>
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'exit');
  try {
    await expect.poll(() => lines().length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count);
    await meanwhile(lines());
  } finally {
    child.kill('SIGINT');
  }
  const [exitCode] = (await ended) as [number];
  return { exitCode, lines: lines(), stderr };
}

describe('serve --bad', () => {
  it('all tells each port in a line, answers, tells of the client, and ends by Ctrl-C with 0', async () => {
    let answer = '';
    const { exitCode, lines, stderr } = await served(['--bad', 'all'], BAD_KINDS.length, async (told) => {
      const { url } = told[0] as { url: string };
      const ca = readFileSync(place.at('pki', 'ca.crt'));
      const request = get(url, { ca, agent: false });
      const [response] = await once(request, 'response');
      for await (const chunk of response) answer += chunk;
    });

    expect({ exitCode, stderr: stderr.split('\n').filter((line) => !line.startsWith('next: ')) }).toEqual({
      exitCode: 0,
      stderr: [''],
    });
    expect(JSON.parse(answer)).toMatchObject({ bad: 'good', aGoodClient: 'accepts this' });
    const ports = lines.slice(0, BAD_KINDS.length);
    expect(ports.map(({ bad }) => bad)).toEqual(BAD_KINDS.map(({ id }) => id));
    for (const line of ports)
      expect(line).toMatchObject({
        ...{ schemaVersion: 1, kind: 'listening', host: '127.0.0.1' },
        url: `https://localhost:${line['port']}`,
      });
    expect(lines.slice(BAD_KINDS.length)).toEqual([
      {
        ...{ schemaVersion: 1, kind: 'client', at: expect.any(String), bad: 'good' },
        client: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
        ...{ outcome: 'accepted', asExpected: true, how: 'it sent a request' },
      },
    ]);
  }, 120_000);

  it('has the root sign what only it can, where its key is brought', async () => {
    await place.ok('init-ca', '--no-password', '--pki', 'apart', '--root-out', 'usb');
    const args = ['--pki', 'apart', '--bad', 'ca-not-ca,good', '--root-key', 'usb/root.key'];

    const { exitCode, lines } = await served(args, 2, async () => {});

    expect(exitCode).toBe(0);
    expect(lines.map(({ kind, bad }) => [kind, bad])).toEqual([
      ['listening', 'ca-not-ca'],
      ['listening', 'good'],
    ]);
  }, 120_000);

  it('leaves nothing of it in the list, and the serial numbers in the events alone', async () => {
    const { certificates } = await place.json<{ certificates: unknown[] }>('list', '--profile', 'server');

    expect(certificates).toEqual([]);
    expect(await place.ok('status')).not.toMatch(/orphan/);
  });

  it('warns where other machines can come', async () => {
    const child = place.start(['serve', '--bad', 'good', '--listen', '0.0.0.0:0']);
    let stderr = '';
    child.stderr!.on('data', (chunk) => {
      stderr += chunk;
    });
    await expect.poll(() => stderr, { timeout: 60_000 }).toMatch(/Ctrl-C ends it/);
    child.kill('SIGINT');
    await once(child, 'exit');

    expect(stderr).toContain(
      'warning: other machines can reach servers that are wrong on purpose (--listen 0.0.0.0)',
    );
  }, 120_000);

  it('names the port that is taken, and leaves nothing open', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };

    const ran = await place.run(['serve', '--bad', 'good', '--listen', `127.0.0.1:${port}`]);

    taken.close();
    expect(ran).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining(`cannot listen on 127.0.0.1:${port}: something listens there already`),
    });
  }, 120_000);
});
