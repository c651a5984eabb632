import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../free-port.js';
import { apiClient } from '../server/api-client.js';
import { type ApiLab, type ClientFiles, GET_WHOAMI, type OpenConnection, open } from '../server/api-lab.js';
import { TIMED } from '../timed.js';
import { Workplace } from './sslapi.js';

/** `sslapi serve` as its users run it, and `sslapi revoke`, `renew` … in other processes beside it. */
class Served {
  readonly address: { readonly host: string; readonly port: number };
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  log = '';

  private constructor(port: number, process: ChildProcess) {
    this.address = { host: '127.0.0.1', port };
    this.process = process;
    process.stdout?.on('data', (chunk: Buffer) => (this.log += chunk));
    process.stderr?.on('data', (chunk: Buffer) => (this.log += chunk));
    this.ended = once(process, 'exit').then(([code]) => code as number | null);
  }

  static async start(...options: readonly string[]): Promise<Served> {
    const port = await freePort();
    const process = place.start(['serve', '--listen', `127.0.0.1:${port}`, ...options]);
    const served = new Served(port, process);
    const deadline = Date.now() + LONG.timeout;
    while (!served.log.includes('serving https://')) {
      if (Date.now() > deadline || process.exitCode !== null)
        throw new Error(`serve does not start: ${served.log}`);
      await sleep(LONG.interval);
    }
    return served;
  }

  async kill(signal: NodeJS.Signals): Promise<number | null> {
    this.process.kill(signal);
    return this.ended;
  }
}

const LONG = { timeout: 20_000, interval: 20 };
const VERSIONS: readonly SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];
let place: Workplace;
let server: Served;
let lab: Pick<ApiLab, 'ca'>;

beforeAll(async () => {
  place = new Workplace();
  await place.ok('init-ca', '--name', 'Acme', '--no-password', '--quiet');
  writeFileSync(
    place.at('access.json'),
    JSON.stringify({
      rules: [
        { identity: '*', methods: ['GET'], paths: ['*'] },
        { identity: 'writer', methods: ['*'], paths: ['/items', '/items/*'] },
      ],
    }),
  );
  lab = { ca: { folder: { at: (name: string) => place.at('pki', name) } } } as unknown as Pick<ApiLab, 'ca'>;
  server = await Served.start('--access', 'access.json', '--rate-limit', 'off');
});
afterAll(async () => {
  if (server?.process.exitCode === null) await server.kill('SIGKILL');
  place?.remove();
});

async function issue(name: string): Promise<ClientFiles> {
  await place.ok('issue-client', name, '--quiet');
  return {
    cert: place.at('pki/issued', name, 'fullchain.pem'),
    key: place.at('pki/issued', name, 'privkey.pem'),
  };
}

/** Asks again and again on one connection, until it is closed or refused. */
async function askOnAndOn({ ask }: OpenConnection): Promise<string> {
  for (;;) {
    const answer = await ask();
    if (!OK.test(answer)) return answer;
    await sleep(20);
  }
}

/** An event stream that is open and has told something. */
async function watchEvents(client: ClientFiles, version: SecureVersion): Promise<TLSSocket> {
  const { socket } = await open(lab, server, client, { version });
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk));
  socket.write('GET /overview.json HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n');
  await expect.poll(() => heard, LONG).toContain('event: overview');
  return socket;
}

const OK = /^HTTP\/1\.1 200 /;
const REVOKED = /^HTTP\/1\.1 403 [\s\S]*"cert-revoked"/;

describe('a client that `sslapi revoke` takes back', () => {
  let leavers = 0;
  it.each(VERSIONS)(
    'is out within a second wherever it is, without a restart (%s)',
    TIMED,
    async (version) => {
      const name = `leaver-${version}-${++leavers}`;
      const leaver = await issue(name);
      const [idle, busy] = [
        await open(lab, server, leaver, { version }),
        await open(lab, server, leaver, { version }),
      ];
      expect([await idle.ask(), await busy.ask()]).toEqual([
        expect.stringMatching(OK),
        expect.stringMatching(OK),
      ]);
      const session = busy.session()!;
      expect((await open(lab, server, leaver, { version, session })).resumed).toBe(true);
      expect((await open(lab, server, null, { version, session })).resumed).toBe(true);
      const events = await watchEvents(leaver, version);
      const eventsEnd = once(events, 'close');
      const busyEnd = askOnAndOn(busy);

      await place.ok('revoke', name, '--reason', 'keyCompromise', '--quiet');
      const since = performance.now();
      await Promise.all([idle.closed, busyEnd, eventsEnd]);
      expect(performance.now() - since).toBeLessThan(1_000);

      expect(await busyEnd).toMatch(/^$|"cert-revoked"/);
      const fresh = await open(lab, server, leaver, { version });
      const resumed = await open(lab, server, leaver, { version, session });
      const resumedWithoutCertificate = await open(lab, server, null, { version, session });
      expect([fresh.resumed, resumed.resumed, resumedWithoutCertificate.resumed]).toEqual([
        false,
        true,
        true,
      ]);
      for (const connection of [fresh, resumed, resumedWithoutCertificate])
        expect(await connection.ask()).toMatch(REVOKED);
      expect(server.log).toMatch(
        new RegExp(
          `refused 127\\.0\\.0\\.1:\\d+: certificate revoked on .* \\(keyCompromise\\) \\(cert-revoked\\) CN=${name} `,
        ),
      );
    },
  );

  it('on hold is out, and `unrevoke` lets it in again', TIMED, async () => {
    const name = `held-${++leavers}`;
    const held = await issue(name);
    const { certificates } = await place.json<{ certificates: [{ serialNumber: string }] }>(
      'list',
      '--name',
      name,
    );
    const before = await open(lab, server, held);
    expect(await before.ask()).toMatch(OK);
    const session = before.session()!;

    await place.ok('revoke', name, '--reason', 'certificateHold', '--quiet');
    await before.closed;
    expect(await (await open(lab, server, held)).ask()).toMatch(REVOKED);

    await place.ok('unrevoke', certificates[0].serialNumber, '--quiet');
    const since = performance.now();
    await expect.poll(async () => (await open(lab, server, held, { session })).ask(), LONG).toMatch(OK);
    expect(performance.now() - since).toBeLessThan(1_000);
  });
});

describe('a certificate that `sslapi renew` replaces', () => {
  it('is shown to whoever connects from then on; SIGHUP makes it read all files at once', async () => {
    const client = await issue('steady');
    const before = await open(lab, server, client);
    const shownTo = ({ socket }: OpenConnection) => socket.getPeerX509Certificate()!.serialNumber;
    const first = shownTo(before);

    const asked = askUntil(before, () => server.log.includes('reloaded the server certificate'));
    await place.ok('renew', 'localhost', '--rekey', '--quiet');
    expect(await asked).toBe('every answer was 200');
    const after = await open(lab, server, client);
    expect(shownTo(after)).not.toBe(first);
    expect(await after.ask()).toMatch(OK);

    server.log = '';
    server.process.kill('SIGHUP');
    await expect
      .poll(() => server.log.match(/^reloaded the [a-z ]+/gm), LONG)
      .toEqual([
        'reloaded the certificate authority',
        'reloaded the server certificate',
        'reloaded the access rules',
      ]);
    expect(await after.ask()).toMatch(OK);
  });
});

describe('kill -9 under load', () => {
  it('loses nothing that was acknowledged, new, replaced or removed, however often', async () => {
    const writer = await issue('writer');
    const acknowledged = new Map<number, string | null>();
    for (let round = 1; round <= 3; round += 1) {
      const victim = await Served.start('--access', 'access.json', '--rate-limit', 'off');
      const before = acknowledged.size;
      const lanes = Array.from({ length: 4 }, (_, lane) =>
        write(victim, writer, `round ${round} lane ${lane}`, acknowledged),
      );

      await expect.poll(() => acknowledged.size - before, LONG).toBeGreaterThan(40);
      await victim.kill('SIGKILL');
      const inDoubt = await Promise.all(lanes);

      for (const id of inDoubt) if (id !== null) acknowledged.delete(id); // either answer would be true
    }
    const again = await Served.start('--access', 'access.json', '--rate-limit', 'off');

    const kept = await allItems(again, writer);
    expect(await again.kill('SIGTERM')).toBe(0);

    const lost = [...acknowledged].filter(([id, name]) => (kept.get(id) ?? null) !== name);
    expect(lost).toEqual([]);
    const words = [...acknowledged.values()].map((name) => name?.split(': ')[0] ?? 'removed');
    expect([...new Set(words)].sort()).toEqual(['new', 'removed', 'replaced']);
  });
});

/** Writes until the server is gone, and keeps what it was told is done: a name, or null for what was removed.
 *  @returns the item on which the last request was not answered; null where that was a new one */
async function write(
  server: Served,
  writer: ClientFiles,
  where: string,
  acknowledged: Map<number, string | null>,
): Promise<number | null> {
  const client = apiClient(lab, server, writer);
  let under: number | null = null;
  const ask = async (method: string, path: string, name?: string) => {
    const { status, body } = await client.call(method, path, name === undefined ? undefined : { name });
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`);
    return body;
  };
  try {
    for (let count = 0; ; count += 1) {
      under = null;
      const { id } = await ask('POST', '/items', `new: ${where} ${count}`);
      acknowledged.set(id, `new: ${where} ${count}`);
      under = id;
      if (count % 3 === 1) {
        await ask('PUT', `/items/${id}`, `replaced: ${where} ${count}`);
        acknowledged.set(id, `replaced: ${where} ${count}`);
      } else if (count % 3 === 2) {
        await ask('DELETE', `/items/${id}`);
        acknowledged.set(id, null);
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error; // an answer, and no end of the connection
    return under;
  } finally {
    client.end();
  }
}

async function allItems(server: Served, client: ClientFiles): Promise<Map<number, string>> {
  const kept = new Map<number, string>();
  const reader = apiClient(lab, server, client);
  for (let next: string | null = '/items?limit=100'; next !== null; ) {
    const { body } = await reader.call('GET', next);
    for (const { id, name } of body.items) kept.set(id, name);
    next = body.next;
  }
  reader.end();
  return kept;
}

describe('a server that is told to end', () => {
  it('answers what was asked, and ends with 0; told twice, it ends at once', async () => {
    const alice = await issue('alice');
    const polite = await Served.start();
    const { socket, closed } = await open(lab, polite, alice);
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk));
    socket.write(GET_WHOAMI.slice(0, 20));
    await expect.poll(() => socket.bytesWritten, LONG).toBeGreaterThan(0);
    await sleep(1_000);

    polite.process.kill('SIGTERM');
    await expect.poll(() => polite.log, LONG).toContain('stopping: no more connections, 1 open');
    await expect(reach(polite)).rejects.toThrow(/ECONNREFUSED/);
    socket.write(GET_WHOAMI.slice(20));
    await closed;
    expect(await polite.ended).toBe(0);
    expect(heard).toMatch(/^HTTP\/1\.1 200 [\s\S]*"identity": "alice"/);

    const hasty = await Served.start();
    const waiting = await open(lab, hasty, alice);
    waiting.socket.write(GET_WHOAMI.slice(0, 20));
    waiting.socket.resume();
    await sleep(100);
    hasty.process.kill('SIGTERM');
    await expect.poll(() => hasty.log, LONG).toContain('stopping: ');
    expect(await hasty.kill('SIGINT')).toBe(130);
    await waiting.closed;
  });
});

async function askUntil({ ask }: OpenConnection, isDone: () => boolean): Promise<string> {
  for (let isLast = false; !isLast; ) {
    isLast = isDone();
    const answer = await ask();
    if (!OK.test(answer)) return answer;
    await sleep(20);
  }
  return 'every answer was 200';
}

async function reach({ address }: Served): Promise<void> {
  const socket = connect({ ...address, ca: readFileSync(place.at('pki/ca.crt')) });
  await once(socket, 'secureConnect');
  socket.destroy();
}
