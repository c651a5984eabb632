import { once } from 'node:events';
import { mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../../src/ca/certificate-authority.js';
import { type RunningPublicServer, startPublicServer } from '../../../src/server/public/public-server.js';
import {
  type PublicFaultEvent,
  type RefusedEvent,
  serverEventLine,
} from '../../../src/server/server-event.js';
import type { ServerLimits } from '../../../src/server/server-settings.js';
import { parseCertificateList } from '../../../src/x509/certificate-list.js';
import { decodePem } from '../../../src/x509/pem.js';

let folder: string;
let pki: string;
let ca: CertificateAuthority;
let server: RunningPublicServer;
const events: Array<PublicFaultEvent | RefusedEvent> = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-public-'));
  pki = join(folder, 'pki');
  events.length = 0;
});
afterEach(async () => {
  await server?.close();
  await ca?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: { noIntermediate?: boolean } = {}, limits: Partial<ServerLimits> = {}) {
  ({ ca } = await CertificateAuthority.create({ pki, passphrase: null, ...options }));
  const listen = { host: '127.0.0.1', port: 0 };
  server = await startPublicServer({ pki, listen, limits, onEvent: (event) => events.push(event) });
}
const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.address.port}${path}`, init);
const octets = async (path: string): Promise<Buffer> => Buffer.from(await (await get(path)).arrayBuffer());
const inPki = (...parts: readonly string[]): Buffer => readFileSync(join(pki, ...parts));
const told = (): string[] => events.map((event) => serverEventLine(event));
/** As all careful writers do. */
function replace(file: string, content: string | Uint8Array): void {
  writeFileSync(join(pki, `${file}.new`), content);
  renameSync(join(pki, `${file}.new`), join(pki, file));
}
function age(file: string, seconds: number): void {
  const then = new Date(Date.now() - seconds * 1_000);
  utimesSync(join(pki, file), then, then);
}
/** What is answered to octets that no library would send. */
async function raw(request: string): Promise<string> {
  const socket = connect(server.address.port, '127.0.0.1');
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
  });
  socket.write(request);
  await closed(socket);
  return heard;
}
/** One on which nothing is sent. */
async function openConnection(): Promise<Socket> {
  const socket = connect(server.address.port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}
/** By a reset as well. */
const closed = (socket: Socket): Promise<void> => new Promise((done) => socket.once('close', () => done()));
const head = (line: string, more = ''): string => `${line} HTTP/1.1\r\nHost: crl.test\r\n${more}\r\n`;

describe('what everybody gets', () => {
  it('is CRLs and certificates in DER, the bundles in PEM, and a list of them', async () => {
    await start();
    const chain = decodePem(inPki('ca-chain.crt').toString()).map(({ der }) => Buffer.from(der));

    for (const [path, type, content] of [
      ['/root.crl', 'application/pkix-crl', inPki('crl', 'root.crl')],
      ['/issuing.crl', 'application/pkix-crl', inPki('crl', 'issuing.crl')],
      ['/root.crt', 'application/pkix-cert', chain[1]],
      ['/issuing.crt', 'application/pkix-cert', chain[0]],
      ['/ca.crt', 'application/pem-certificate-chain', inPki('ca.crt')],
      ['/ca-chain.crt', 'application/pem-certificate-chain', inPki('ca-chain.crt')],
    ] as const) {
      const answer = await get(path);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, type]);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(Buffer.from(await answer.arrayBuffer()).equals(content!)).toBe(true);
      const brief = await get(path, { method: 'HEAD' });
      expect(Number(brief.headers.get('content-length'))).toBe(content!.length);
      expect((await brief.arrayBuffer()).byteLength).toBe(0);
    }
    expect((await (await get('/')).text()).split('\n').map((line) => line.split(' ')[0])).toEqual([
      '/root.crl',
      '/issuing.crl',
      '/root.crt',
      '/issuing.crt',
      '/ca.crt',
      '/ca-chain.crt',
      '',
    ]);
    expect(told()).toEqual([]);
  });

  it('is what there is of a single CA', async () => {
    await start({ noIntermediate: true });

    expect((await octets('/issuing.crl')).equals(inPki('crl', 'issuing.crl'))).toBe(true);
    expect((await octets('/issuing.crt')).equals(decodePem(inPki('ca.crt').toString())[0]!.der)).toBe(true);
    for (const path of ['/root.crl', '/root.crt']) expect((await get(path)).status).toBe(404);
    expect(await (await get('/')).text()).not.toContain('/root');
    expect(told()).toEqual([]);
  });

  it('is nothing else, by whatever path or method', async () => {
    await start();
    const key = inPki('private', 'issuing.key').toString();
    const odd = [
      '/private/issuing.key',
      '/crl/root.crl',
      '/sslapi.db',
      '/../pki/ca.crt',
      '//ca.crt',
      '/./ca.crt',
    ];
    const encoded = [
      '/%2e%2e/private/issuing.key',
      '/ca.crt/',
      '/ca.crt%00',
      '/..%2fca.crt',
      '/CA.CRT',
      '*',
      '/ca.crt;x',
    ];
    for (const path of [
      ...odd,
      ...encoded,
      '/__proto__',
      '/constructor',
      '/%',
      '/ca.crt\\',
      `/${'a'.repeat(9_000)}`,
    ])
      expect([path, (await raw(head(`GET ${path}`))).slice(0, 12)]).toEqual([path, 'HTTP/1.1 404']);
    for (const path of ['/ca.crt?x=/../private', 'http://crl.test/ca.crt'])
      expect(await raw(head(`GET ${path}`))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND', 'TRACE'])
      expect(await raw(head(`${method} /ca.crt`))).toMatch(
        /^HTTP\/1\.1 405 [\s\S]*\r\nallow: GET, HEAD\r\n/i,
      );
    expect(await raw('GET /ca.crt HTTP/1.0\r\n\r\n')).toContain('-----BEGIN CERTIFICATE-----');
    expect(await raw('GET /ca.crt HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    expect(await raw(head('CONNECT ca.crt:80'))).toMatch(/^HTTP\/1\.1 501 [\s\S]*no-tunnel/);
    expect(told()).toEqual([expect.stringMatching(/^refused 127.*\(no-tunnel\)/)]);

    // Not even where somebody puts it in the place of what is published.
    replace('crl/issuing.crl', key);
    replace('ca.crt', key);
    for (const path of ['/issuing.crl', '/ca.crt']) {
      const answer = await get(path);
      expect(answer.status).toBe(503);
      expect(await answer.text()).not.toContain('KEY');
    }
    replace('ca.crt', `${key}${inPki('ca-chain.crt')}`);
    expect((await octets('/ca.crt')).equals(inPki('ca-chain.crt'))).toBe(true);
  });

  it('costs slow, large and greedy clients their connection', async () => {
    await start({}, { headersMs: 300, requestMs: 600, headerBytes: 2_048, connections: 2 });

    expect(await raw('GET /ca.crt HTTP/1.1\r\nHost: x\r\n')).toMatch(/^HTTP\/1\.1 408 /);
    expect(await raw('')).toMatch(/^(HTTP\/1\.1 408 |$)/);
    expect(await raw(head('GET /ca.crt', `X: ${'x'.repeat(3_000)}\r\n`))).toMatch(/^HTTP\/1\.1 431 /);
    expect(await raw(head('GET /ca.crt').repeat(2_000))).toBe('');
    expect(await raw(head('GET /ca.crt'))).toMatch(/\r\nconnection: close\r\n/i);
    const first = await openConnection();
    const second = await openConnection();
    const [firstClosed, secondClosed] = [closed(first.resume()), closed(second.resume())];
    expect(await raw(head('GET /ca.crt'))).toMatch(/^HTTP\/1\.1 200 /);
    await Promise.all([firstClosed, secondClosed]);
  });

  it('tells whom it refused and why, once each', async () => {
    await start({}, { headersMs: 300, requestMs: 600, headerBytes: 2_048, connections: 3 });
    const refused = async (request: string) => {
      events.length = 0;
      await raw(request);
      return events.map((event) => event.kind === 'refused' && [event.code, event.during]);
    };

    expect(await refused(head('GET /ca.crt'))).toEqual([]);
    expect(await refused('\x16\x03\x01 no HTTP\r\n\r\n')).toEqual([['malformed-http', 'public request']]);
    expect(await refused('GET /ca.crt HTTP/1.1\r\n')).toEqual([['request-too-slow', 'public request']]);
    expect(await refused(head('GET /ca.crt', `X: ${'x'.repeat(3_000)}\r\n`))).toEqual([
      ['headers-too-large', 'public request'],
    ]);
    expect(await refused(head('GET /ca.crt').repeat(2_000))).toEqual([['answer-not-read', 'public request']]);
    const idle = await Promise.all([1, 2, 3].map(openConnection));
    const clients = idle.map((one) => `127.0.0.1:${(one.address() as AddressInfo).port}`);
    expect(await refused(head('GET /ca.crt'))).toEqual([['too-many-connections', 'public request']]);
    expect(events).toMatchObject([{ client: expect.toBeOneOf(clients) }]);
    for (const one of idle) one.destroy();
  });

  it('costs whoever does not read its answer the connection, and tells', async () => {
    await start({}, { idleMs: 300 });
    replace('ca-chain.crt', Buffer.concat(Array<Buffer>(8_000).fill(inPki('ca-chain.crt')))); // more than buffers take
    const client = connect(server.address.port, '127.0.0.1').pause();
    client.on('error', () => undefined);
    client.write(head('GET /ca-chain.crt'));

    await expect.poll(() => events, { timeout: 10_000 }).toHaveLength(1);
    expect(events).toMatchObject([{ code: 'answer-not-read', during: 'public request' }]);
    client.destroy();
  });
});

describe('what caches are told', () => {
  it('is how long a CRL holds, and by what it is known again', async () => {
    await start();
    age('crl/issuing.crl', 100);
    const first = await get('/issuing.crl');
    const [etag, modified] = ['etag', 'last-modified'].map((name) => first.headers.get(name)!);
    const conditional = async (headers: Record<string, string>) =>
      (await get('/issuing.crl', { headers })).status;

    expect(first.headers.get('cache-control')).toBe('public, max-age=300');
    expect(await conditional({ 'if-none-match': etag! })).toBe(304);
    expect(await conditional({ 'if-none-match': `"other", W/${etag}` })).toBe(304);
    expect(await conditional({ 'if-none-match': '*' })).toBe(304);
    expect(await conditional({ 'if-none-match': '"other"', 'if-modified-since': modified! })).toBe(200);
    expect(await conditional({ 'if-modified-since': modified! })).toBe(304);
    expect(await conditional({ 'if-modified-since': 'yesterday' })).toBe(200);
    const unchanged = await get('/issuing.crl', { method: 'HEAD', headers: { 'if-none-match': etag! } });
    expect([unchanged.status, unchanged.headers.get('etag')]).toEqual([304, etag]);

    await ca.revoke(await ca.find((await ca.issueClient({ commonName: 'a' })).certificate.name), {});
    expect(await conditional({ 'if-none-match': etag! })).toBe(200);
    expect(await conditional({ 'if-modified-since': modified! })).toBe(200);
    expect((await octets('/issuing.crl')).equals(inPki('crl', 'issuing.crl'))).toBe(true);
    age('crl/issuing.crl', -60); // a second that is not over: another CRL may still come in it
    expect((await get('/issuing.crl')).headers.get('last-modified')).toBeNull();
  });

  it('ends with the CRL, which is given still, and told of once', async () => {
    await start();
    await ca.generateCrls({ nextUpdateSeconds: 100 });
    expect(Number((await get('/issuing.crl')).headers.get('cache-control')?.split('=')[1])).toBeLessThan(101);

    await ca.generateCrls({ nextUpdateSeconds: 1 });
    const { nextUpdate } = parseCertificateList(inPki('crl', 'issuing.crl'));
    await expect.poll(() => nextUpdate!.getTime() < Date.now(), { timeout: 5_000 }).toBe(true);
    for (const _ of [1, 2]) {
      const answer = await get('/issuing.crl');
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache']);
    }
    expect(told()).toEqual([
      expect.stringMatching(/^public \/issuing\.crl: the CRL ended on 20.*Z; fix: sslapi gen-crl --refresh$/),
    ]);
  });

  it('is nothing of a file that is gone, until it is back', async () => {
    await start();
    const kept = inPki('crl', 'issuing.crl');
    rmSync(join(pki, 'crl', 'issuing.crl'));
    for (const _ of [1, 2]) {
      const answer = await get('/issuing.crl');
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([404, 'no-store']);
      expect(await answer.text()).toBe('There is no issuing.crl (CRL of the issuing CA) here.\n');
    }
    expect(told()).toEqual(['public /issuing.crl: pki/crl/issuing.crl is missing; fix: restore it']);
    replace('crl/issuing.crl', kept);
    expect((await octets('/issuing.crl')).equals(kept)).toBe(true);
  });
});

describe('the second port', () => {
  it('is told by its own flag where it is taken', async () => {
    await start();
    await expect(startPublicServer({ pki, listen: server.address })).rejects.toMatchObject({
      code: 'ERR_LISTEN',
      hint: 'Choose another address with --public-listen HOST:PORT.',
    });
  });

  it('closes although somebody holds a connection', async () => {
    await start();
    const idle = connect(server.address.port, '127.0.0.1').on('error', () => undefined);
    await once(idle, 'connect');
    const ended = closed(idle.resume());
    await server.close();
    await ended;
  });
});
