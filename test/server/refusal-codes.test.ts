import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessRules, defaultRules } from '../../src/server/access-rules.js';
import type { RunningServer } from '../../src/server/listener.js';
import { SERVER_TITLES } from '../../src/server/page/live-counts.js';
import type { RefusedEvent, ServerRefusalCode } from '../../src/server/server-event.js';
import type { ServerLimits, ServerSettings } from '../../src/server/server-settings.js';
import { peer } from '../peers/peer.js';
import { type ApiLab, apiLab, type ClientFiles, curl, open } from './api-lab.js';

const hasPeers = ['curl', 'openssl'].map(peer).every((there) => there);
let lab: ApiLab;
let alice: ClientFiles;
let watcher: ClientFiles;

beforeAll(async () => {
  lab = await apiLab();
  [alice, watcher] = await Promise.all([lab.issue('alice'), lab.issue('watcher')]);
});
beforeEach(() => {
  lab.events.length = 0;
});
afterEach(() => lab.stopServers());
afterAll(() => lab?.remove());

/** How a refusal comes about. */
interface Provoked {
  readonly during: RefusedEvent['during'];
  readonly limits?: Partial<ServerLimits>;
  readonly settings?: Partial<ServerSettings>;
  /** Gives the answer of the server, where there can be one. */
  readonly provoke: (server: RunningServer) => Promise<unknown>;
  /** Of that answer. */
  readonly status?: number;
}

const EVERYTHING = accessRules({ rules: [{ identity: '*', methods: ['*'], paths: ['*'] }] });
const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n`;
const CLOSE = 'Connection: close\r\n\r\n';

const PROVOKED: Readonly<Partial<Record<ServerRefusalCode, Provoked>>> = {
  'no-certificate': {
    during: 'handshake',
    provoke: (server) => say(server, `${GET('/whoami')}${CLOSE}`, null),
    status: 401,
  },
  'tls-handshake-failed': {
    during: 'handshake',
    provoke: (server) => sayTcp(server, '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00'),
  },
  'tls-handshake-timeout': {
    during: 'handshake',
    limits: { handshakeMs: 300 },
    provoke: (server) => sayTcp(server, ''),
  },
  'not-tls': { during: 'handshake', provoke: (server) => sayTcp(server, `${GET('/')}${CLOSE}`) },
  'rate-limited': {
    during: 'request',
    settings: { rateLimit: { requests: 1, windowMs: 3_600_000 } },
    provoke: async (server) => {
      await say(server, `${GET('/whoami')}${CLOSE}`);
      return say(server, `${GET('/whoami')}${CLOSE}`);
    },
    status: 429,
  },
  'not-allowed': {
    during: 'request',
    settings: { access: defaultRules('require') },
    provoke: (server) => say(server, `${GET('/admin')}${CLOSE}`),
    status: 403,
  },
  'malformed-http': {
    during: 'request',
    provoke: (server) => say(server, 'G@T /whoami HTTP/1.1\r\n\r\n'),
    status: 400,
  },
  'no-tunnel': {
    during: 'request',
    provoke: (server) => say(server, 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    status: 501,
  },
  'headers-too-large': {
    during: 'request',
    provoke: (server) => say(server, `${GET('/whoami')}X: ${'x'.repeat(100_000)}\r\n\r\n`),
    status: 431,
  },
  'request-too-slow': {
    during: 'request',
    limits: { headersMs: 300 },
    provoke: (server) => say(server, GET('/whoami')),
    status: 408,
  },
  renegotiation: { during: 'open connection', provoke: renegotiate },
  'too-many-connections': {
    during: 'handshake',
    limits: { connections: 1 },
    provoke: async (server) => {
      const { ask, socket, closed } = await open(lab, server, alice);
      await ask();
      await sayTcp(server, '');
      socket.destroy();
      await closed;
    },
  },
  'answer-not-read': {
    during: 'open connection',
    limits: { idleMs: 500 },
    provoke: async (server) => {
      const { socket } = await open(lab, server, alice);
      socket.pause();
      socket.write(`${GET('/openapi.json')}\r\n`.repeat(2_000));
      await expect.poll(() => lab.events.length, WAIT).toBeGreaterThan(0);
      socket.destroy();
    },
  },
  'host-ambiguous': {
    during: 'request',
    provoke: (server) => say(server, `${GET('/whoami')}Host: other\r\n${CLOSE}`),
    status: 400,
  },
  'path-ambiguous': {
    during: 'request',
    provoke: (server) => say(server, `${GET('/a/../whoami')}${CLOSE}`),
    status: 400,
  },
  'expectation-unknown': {
    during: 'request',
    provoke: (server) => say(server, `${GET('/whoami')}Expect: more\r\n${CLOSE}`),
    status: 417,
  },
  'invalid-input': { during: 'request', provoke: (server) => post(server, '{}'), status: 400 },
  'invalid-json': { during: 'request', provoke: (server) => post(server, '{'), status: 400 },
  'body-too-large': {
    during: 'request',
    limits: { bodyBytes: 1_000 },
    provoke: (server) => post(server, `{"message":"${'x'.repeat(2_000)}"}`),
    status: 413,
  },
  'media-type-unknown': {
    during: 'request',
    provoke: (server) => post(server, 'x', 'text/plain'),
    status: 415,
  },
};
/** Those that no client can bring about: they need a store, or a server, that fails. */
const OURS: readonly ServerRefusalCode[] = [
  'not-authorized-by-tls', // what OpenSSL has against a certificate that our validation lets pass
  'store-unavailable',
  'bad-request', // what the framework refuses beside all that is named above
  'internal-error',
];

it('each reason that only a server has is provoked here, or is our own fault', () => {
  expect([...Object.keys(PROVOKED), ...OURS].sort()).toEqual(Object.keys(SERVER_TITLES).sort());
});

describe.skipIf(!hasPeers)('a refusal is answered in one form, logged and counted', () => {
  it.each(Object.entries(PROVOKED))(
    '%s',
    async (code, { during, limits = {}, settings, provoke, status }) => {
      const server = await lab.start({ access: EVERYTHING, limits, ...settings });

      const answer = await provoke(server);

      await expect.poll(() => refusals().map((one) => one.code), WAIT).toEqual([code]);
      const subject = during === 'handshake' ? null : 'CN=alice'; // whoever was let in is named
      const serialNumber = subject && expect.stringMatching(/^[0-9a-f]{30,40}$/);
      expect(refusals()[0]).toMatchObject({ during, fix: expect.stringMatching(/./), subject, serialNumber });
      if (status !== undefined) {
        expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
        const { error } = JSON.parse(String(answer).slice(String(answer).indexOf('\r\n\r\n')));
        expect(error).toEqual({ code, message: expect.any(String), hint: expect.any(String) });
      }
      expect(await counted(server)).toEqual([`sslapi_refused_total{code="${code}",during="${during}"} 1`]);
    },
  );
});

function refusals(): RefusedEvent[] {
  return lab.events.filter((event) => event.kind === 'refused');
}

async function counted(server: RunningServer): Promise<string[]> {
  const { body } = await curl(lab, server, watcher, '/metrics');
  return body.split('\n').filter((line) => line.startsWith('sslapi_refused_total{'));
}

/** All that the server answers until it closes. */
async function say(
  server: RunningServer,
  octets: string,
  client: ClientFiles | null = alice,
): Promise<string> {
  const { socket } = await open(lab, server, client);
  return hear(socket, octets);
}

function sayTcp({ address }: RunningServer, octets: string): Promise<string> {
  return hear(connectTcp(address.port, '127.0.0.1'), octets);
}

function hear(socket: Socket, octets: string): Promise<string> {
  return new Promise((done) => {
    let heard = '';
    socket.on('error', () => undefined).on('data', (chunk) => (heard += chunk.toString('utf8')));
    socket.once('close', () => done(heard));
    socket.write(octets, 'latin1');
  });
}

function post(server: RunningServer, body: string, type = 'application/json'): Promise<string> {
  const head = `POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n`;
  return say(server, `${head}Content-Length: ${body.length}\r\n${CLOSE}${body}`);
}

async function renegotiate({ address }: RunningServer): Promise<void> {
  const pair = ['-cert', alice.cert, '-key', alice.key];
  const child = spawn('openssl', ['s_client', '-tls1_2', '-connect', `127.0.0.1:${address.port}`, ...pair]);
  const ended = once(child, 'close');
  child.stdin.on('error', () => undefined);
  child.stderr.resume();
  let heard = '';
  let asked = false;
  child.stdout.on('data', (chunk) => {
    heard += chunk;
    if (asked || !heard.includes('Verify return code')) return;
    asked = true;
    child.stdin.write('R\n');
  });
  await ended;
}

const WAIT = { timeout: 10_000, interval: 20 };
