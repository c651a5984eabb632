import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as connectTcp, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ClientPair } from './cli-server.js';
import { MALFORMED } from './malformed-http.js';

/** Whom attacks are made on, and what the attacker has. */
export interface Target {
  readonly port: number;
  /** A certificate that is let in. */
  readonly mallory: ClientPair;
  /** One that is not. */
  readonly stranger: ClientPair;
  /** A whole ClientHello, for those who send no more, or not all of it. */
  readonly hello: Buffer;
  /** For files. */
  readonly folder: string;
  /** How many milliseconds one connection that is held comes after the other; fifty at a time where it is missing. */
  readonly apartMs?: number;
}

/** How many connections an attack made, and how many of them the server ended. */
export interface AttackOutcome {
  readonly made: number;
  readonly ended: number;
}

/** Goes on until it is told to stop, or there is nothing left to attack with. */
export type Attack = (target: Target, signal: AbortSignal) => Promise<AttackOutcome>;

/** Connections that cost an attacker little and are held for as long as the server lets them.
 *  @param count how many of them */
export const HOLDING = {
  'connections that say next to nothing': (count) =>
    hold(count, ({ port }) => {
      const socket = open(port);
      socket.write('\x16'); // without it, one that came too fast is open for this side alone
      return socket;
    }),
  'a ClientHello and no more': (count) =>
    hold(count, ({ port, hello }) => {
      const socket = open(port);
      socket.write(hello);
      return socket;
    }),
  'a ClientHello that drips in': (count) => hold(count, ({ port, hello }) => drip(open(port), hello)),
  'connections that say nothing after the handshake': (count) => hold(count, openTls),
  'header fields that drip in': (count) =>
    hold(count, (target) => {
      const socket = openTls(target);
      socket.write('GET /whoami HTTP/1.1\r\nHost: localhost\r\n');
      return drip(socket, Buffer.from('X-Slow: 1\r\n'.repeat(100_000)));
    }),
  'a body that drips in': (count) =>
    hold(count, (target) => {
      const socket = openTls(target);
      socket.write(jsonHead('Content-Length: 50000'));
      return drip(socket, Buffer.alloc(50_000, 0x20));
    }),
  'pipelined requests whose answers nobody reads': (count) =>
    hold(count, (target) => {
      const socket = openTls(target);
      socket.pause(); // a reset is met when something is written
      socket.write(GET_OPENAPI.repeat(2_000));
      return drip(socket, Buffer.from(GET_OPENAPI.repeat(1_000)));
    }),
} satisfies Readonly<Record<string, (count: number) => Attack>>;

/** What an attacker does again and again, one connection after the other.
 *  @param atATime how many do so */
export const FLOODING = {
  'connections that are reset at once': (atATime) =>
    flood(atATime, async ({ port }) => {
      const socket = open(port);
      await once(socket, 'connect').catch(() => undefined);
      socket.resetAndDestroy();
    }),
  'handshakes that are broken off': (atATime) =>
    flood(atATime, async ({ port, hello }) => {
      const socket = open(port);
      socket.write(hello);
      await Promise.race([once(socket, 'data'), closed(socket)]).catch(() => undefined);
      socket.resetAndDestroy();
    }),
  'plain HTTP': (atATime) => floodTcp(atATime, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  'HTTP/2 in the clear': (atATime) =>
    floodTcp(atATime, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'),
  'octets that are no TLS': (atATime) => floodTcp(atATime, '\x00\x01\x02\xff'.repeat(200)),
  'a TLS record that is longer than any': (atATime) =>
    floodTcp(atATime, `\x16\x03\x01\xff\xff${'\0'.repeat(600)}`),
  'certificates of another CA': (atATime) =>
    flood(atATime, ({ port, stranger }) => say(tls(port, stranger), GET_WHOAMI)),
  'no certificate at all': (atATime) => flood(atATime, ({ port }) => say(tls(port, null), GET_WHOAMI)),
  'malformed HTTP': (atATime) => {
    const payloads = Object.entries(MALFORMED).filter(([what]) => !WAITS.has(what));
    let next = 0;
    return flood(atATime, (target) => say(openTls(target), payloads[next++ % payloads.length]![1]));
  },
  'a header field of 100,000 octets': (atATime) =>
    floodTls(atATime, `GET /whoami HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'x'.repeat(100_000)}\r\n\r\n`),
  'twenty thousand header fields': (atATime) =>
    floodTls(atATime, `GET /whoami HTTP/1.1\r\nHost: localhost\r\n${'A:\r\n'.repeat(20_000)}\r\n`),
  'a path of 100,000 octets': (atATime) =>
    floodTls(atATime, `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
  'a body of a megabyte': (atATime) =>
    floodTls(atATime, jsonOf(JSON.stringify({ text: 'x'.repeat(1_000_000) }))),
  'a body of a megabyte in chunks': (atATime) =>
    floodTls(
      atATime,
      `${jsonHead('Transfer-Encoding: chunked')}${`1000\r\n${'x'.repeat(4_096)}\r\n`.repeat(256)}0\r\n\r\n`,
    ),
  'JSON that is 30,000 deep': (atATime) =>
    floodTls(atATime, jsonOf(`{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`)),
  'sessions that are taken up again and again': (atATime) =>
    flood(atATime, async (target) => {
      const first = openTls(target);
      const session = once(first, 'session');
      first.end(GET_WHOAMI).resume();
      const [ticket] = (await Promise.race([session, closed(first)])) ?? [];
      for (let count = 0; count < 10 && ticket !== undefined; count += 1)
        await say(tls(target.port, target.mallory, ticket as Buffer), GET_WHOAMI);
    }),
  'TLS 1.2 that is negotiated anew': (atATime) => flood(atATime, renegotiate),
} satisfies Readonly<Record<string, (atATime: number) => Attack>>;

/** Opens them all, and holds them until the server has closed the last, or the attack is over. */
function hold(count: number, openOne: (target: Target) => Socket): Attack {
  return async (target, signal) => {
    let ended = 0;
    const sockets: Socket[] = [];
    const all: Array<Promise<void>> = [];
    for (let made = 0; made < count && !signal.aborted; made += 1) {
      const socket = openOne(target);
      sockets.push(socket);
      all.push(
        closed(socket).then(() => {
          if (!signal.aborted) ended += 1;
        }),
      );
      if (target.apartMs !== undefined) await sleep(target.apartMs);
      else if (made % AT_ONCE === AT_ONCE - 1) await sleep(10);
    }
    const stopped = signal.aborted ? undefined : once(signal, 'abort');
    await Promise.race([Promise.all(all), stopped]);
    const outcome = { made: sockets.length, ended };
    for (const socket of sockets) socket.destroy();
    return outcome;
  };
}

/** So many at a time, one after the other. What was not made in the end, false, does not count. */
function flood(atATime: number, attackOnce: (target: Target) => Promise<unknown>): Attack {
  return async (target, signal) => {
    let made = 0;
    const attack = async (): Promise<void> => {
      while (!signal.aborted) if ((await attackOnce(target)) !== false) made += 1;
    };
    await Promise.all(Array.from({ length: atATime }, attack));
    return { made, ended: made };
  };
}

function floodTcp(atATime: number, octets: string): Attack {
  return flood(atATime, ({ port }) => say(open(port), octets));
}

function floodTls(atATime: number, octets: string): Attack {
  return flood(atATime, (target) => say(openTls(target), octets));
}

/** Says something, hears what comes back, and waits until the connection is closed. */
async function say(socket: Socket, octets: string): Promise<void> {
  const end = setTimeout(() => socket.destroy(), PATIENCE_MS);
  socket.resume();
  socket.write(octets, 'latin1');
  if (!octets.startsWith('GET /whoami HTTP/1.1\r\nHost: localhost\r\n\r\n'))
    socket.once('data', () => socket.end());
  else socket.end();
  await closed(socket);
  clearTimeout(end);
}

/** Node's own client could ask for one new handshake; OpenSSL's asks again and again. */
async function renegotiate({ port, mallory, folder }: Target): Promise<boolean> {
  const pair = join(folder, 'mallory.pem');
  writeFileSync(pair, `${mallory.key}${mallory.cert}`);
  const child = spawn('openssl', ['s_client', '-tls1_2', '-connect', `127.0.0.1:${port}`, '-cert', pair], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let heard = '';
  child.stdin?.on('error', () => undefined);
  child.stdout?.on('data', (chunk) => {
    const wasReady = heard.includes(READY);
    heard += chunk;
    if (!wasReady && heard.includes(READY)) child.stdin?.write('R\n'.repeat(100));
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said += chunk;
  });
  const end = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  const [status] = await ended;
  clearTimeout(end);
  return status !== null && said.includes('RENEGOTIATING');
}

/** What a client says first; taken from a real one. */
export async function clientHello(): Promise<Buffer> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  const client = connectTls({ host: '127.0.0.1', port, servername: 'localhost' });
  client.on('error', () => undefined);
  const [socket] = (await once(server, 'connection')) as [Socket];
  const [hello] = (await once(socket, 'data')) as [Buffer];
  client.destroy();
  socket.destroy();
  server.close();
  return hello;
}

function open(port: number): Socket {
  const socket = connectTcp({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  return socket;
}

function openTls({ port, mallory }: Target): TLSSocket {
  return tls(port, mallory);
}

function tls(port: number, client: ClientPair | null, session?: Buffer): TLSSocket {
  const socket = connectTls({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    ...client,
    ...(session && { session }),
  });
  socket.on('error', () => undefined);
  return socket;
}

/** An octet at a time, for as long as the other side listens. */
function drip<T extends Socket>(socket: T, octets: Buffer): T {
  let at = 0;
  const timer = setInterval(() => {
    if (at < octets.length) socket.write(octets.subarray(at, ++at));
  }, DRIP_MS);
  socket.once('close', () => clearInterval(timer));
  return socket;
}

function closed(socket: Socket): Promise<undefined> {
  return new Promise((done) => {
    socket.once('close', () => done(undefined));
    if (!socket.isPaused()) socket.resume();
  });
}

function jsonHead(...headers: readonly string[]): string {
  const head = ['POST /echo HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers];
  return `${head.join('\r\n')}\r\n\r\n`;
}

function jsonOf(body: string): string {
  return `${jsonHead(`Content-Length: ${body.length}`)}${body}`;
}

/** Those that a server may wait for the end of. */
const WAITS: ReadonlySet<string> = new Set(['HTTP/0.9', 'empty lines without end']);
const GET_WHOAMI = 'GET /whoami HTTP/1.1\r\nHost: localhost\r\n\r\n';
const GET_OPENAPI = 'GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n';
const READY = 'Verify return code';
const AT_ONCE = 50;
const DRIP_MS = 300;
const PATIENCE_MS = 5_000;
