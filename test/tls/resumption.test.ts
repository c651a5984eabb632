import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpensslVersion } from '../../src/tls/openssl-handshake.js';
import { takeSession } from '../../src/tls/resumption.js';
import { peer } from '../peers/peer.js';
import { FaultyServers } from './faulty-server.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

const faulty = new FaultyServers();
let lab: LabCertificates;
let servers: LabServers;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  servers = new LabServers(lab);
});
afterAll(() => {
  faulty.close();
  servers.close();
  lab.close();
});

const REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
const KEYS = ['-cert', 'server.crt', '-key', 'server.key'];

function take(port: number, version: OpensslVersion, tickets: boolean, session: Uint8Array | null = null) {
  const target = { host: '127.0.0.1', port };
  return takeSession(
    { target, servername: 'localhost', version, tickets, session, timeoutMs: 15_000 },
    REQUEST,
  );
}

/** What a second handshake made of the session of the first. */
async function twice(port: number, version: OpensslVersion, tickets: boolean) {
  const first = await take(port, version, tickets);
  if (first.kind === 'failed') return first;
  const second = first.session && (await take(port, version, tickets, first.session));
  return {
    ticket: (first.given?.ticket?.length ?? 0) > 0,
    lifetime: first.given?.ticketLifetimeSeconds,
    earlyData: first.given?.maxEarlyDataSize,
    resumed: second?.kind === 'completed' ? second.resumed : null,
  };
}

describe.skipIf(!peer('openssl'))('with OpenSSL, a session', () => {
  it.each([
    [
      'by ticket in TLS 1.2',
      [],
      'TLSv1.2',
      true,
      { ticket: true, lifetime: 7_200, earlyData: 0, resumed: true },
    ],
    ['by id in TLS 1.2', [], 'TLSv1.2', false, { ticket: false, lifetime: 0, earlyData: 0, resumed: true }],
    [
      'by ticket in TLS 1.1',
      ['-cipher', 'ALL:@SECLEVEL=0'],
      'TLSv1.1',
      true,
      { ticket: true, resumed: true },
    ],
    ['in TLS 1.3', [], 'TLSv1.3', true, { ticket: true, lifetime: 7_200, earlyData: 0, resumed: true }],
  ] as const)('is resumed %s', async (_how, options, version, tickets, seen) => {
    expect(await twice(await servers.openssl(...KEYS, ...options), version, tickets)).toMatchObject(seen);
  });

  it('gives no ticket where tickets are off, but an id', async () => {
    const port = await servers.openssl(...KEYS, '-no_ticket');

    expect(await twice(port, 'TLSv1.2', true)).toMatchObject({ ticket: false, resumed: true });
  });

  it('is not resumed by id where nothing is cached', async () => {
    const port = await servers.openssl(...KEYS, '-no_cache');

    expect(await twice(port, 'TLSv1.2', false)).toMatchObject({ ticket: false, resumed: null });
  });

  it('of TLS 1.3 comes with early data where it is switched on, as much as is configured', async () => {
    const [usual, large] = await Promise.all([
      servers.openssl(...KEYS, '-early_data'),
      servers.openssl(...KEYS, '-early_data', '-max_early_data', '2147483647'),
    ]);

    expect(await twice(usual, 'TLSv1.3', true)).toMatchObject({ earlyData: 16_384, resumed: true });
    expect(await twice(large, 'TLSv1.3', true)).toMatchObject({ earlyData: 2_147_483_647 });
  });

  it('of TLS 1.3 does not come where the server sends no tickets and no answer, within about a second', async () => {
    const port = await servers.openssl(...KEYS, '-num_tickets', '0');
    const startedAt = performance.now();

    expect(await take(port, 'TLSv1.3', true)).toMatchObject({ kind: 'completed', session: null });
    expect(performance.now() - startedAt).toBeLessThan(2_500);
  });

  it('does not come about where a client certificate is demanded, in either version', async () => {
    const demand = ['-Verify', '1', '-CAfile', 'ca.crt', '-verify_return_error'];
    const port = await servers.openssl(...KEYS, ...demand);

    expect(await take(port, 'TLSv1.2', true)).toEqual({
      kind: 'failed',
      ended: { kind: 'alert', alert: 40 },
    });
    expect(await take(port, 'TLSv1.3', true)).toEqual({
      kind: 'failed',
      ended: { kind: 'alert', alert: 116 },
    });
  });
});

describe.skipIf(!peer('nginx'))('with nginx, a session', () => {
  const nginx = (lines: string) =>
    servers.nginx(
      `ssl_certificate ${lab.path('server.crt')}; ssl_certificate_key ${lab.path('server.key')}; ${lines}`,
    );

  it('is not resumed by id by default, and is where there is a cache', async () => {
    const [none, shared] = await Promise.all([nginx(''), nginx('ssl_session_cache shared:lab:1m;')]);

    expect(await twice(none, 'TLSv1.2', false)).not.toMatchObject({ resumed: true });
    expect(await twice(shared, 'TLSv1.2', false)).toMatchObject({ resumed: true });
  });

  it('is resumed by ticket for as long as is configured', async () => {
    const port = await nginx('ssl_session_timeout 7m;');

    expect(await twice(port, 'TLSv1.2', true)).toMatchObject({ ticket: true, lifetime: 420, resumed: true });
    expect(await twice(port, 'TLSv1.3', true)).toMatchObject({ ticket: true, lifetime: 420, resumed: true });
  });

  it('is not resumed where tickets and cache are off', async () => {
    const port = await nginx('ssl_session_tickets off; ssl_session_cache off;');

    expect(await twice(port, 'TLSv1.2', true)).toMatchObject({ ticket: false });
    expect(await twice(port, 'TLSv1.2', true)).not.toMatchObject({ resumed: true });
    expect(await twice(port, 'TLSv1.3', true)).not.toMatchObject({ resumed: true });
  });
});

describe.skipIf(!peer('gnutls-serv'))('with GnuTLS, a session', () => {
  it('is resumed in both versions, with early data where that is switched on', async () => {
    const keys = ['--x509certfile', 'server.crt', '--x509keyfile', 'server.key'];
    const port = await servers.other((at) => [
      ...['gnutls-serv', '--quiet', '--http', '--earlydata', '--maxearlydata', '5000', '--port', String(at)],
      ...keys,
    ]);

    expect(await twice(port, 'TLSv1.2', true)).toMatchObject({ ticket: true, resumed: true });
    expect(await twice(port, 'TLSv1.3', true)).toMatchObject({ earlyData: 5_000, resumed: true });
  });
});

describe.skipIf(!peer('java'))('with Java, a session', () => {
  it('is resumed in both versions', async () => {
    const p12 = ['-in', 'server.crt', '-inkey', 'server.key', '-out', 'java.p12', '-passout', 'pass:lab'];
    execFileSync('openssl', ['pkcs12', '-export', ...p12], { cwd: lab.folder, stdio: 'pipe' });
    const source = new URL('JavaServer.java', import.meta.url).pathname;
    const suites = 'TLS_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
    const port = await servers.other((at) => [
      'java',
      source,
      String(at),
      'java.p12',
      'TLSv1.2,TLSv1.3',
      suites,
    ]);

    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) await take(port, version, true); // what Java does first, it does slowly
    expect(await twice(port, 'TLSv1.2', true)).toMatchObject({ ticket: true, resumed: true });
    expect(await twice(port, 'TLSv1.3', true)).toMatchObject({ ticket: true, resumed: true });
  });
});

describe('no session', () => {
  it('comes of a server that is not there, is silent or speaks something else', async () => {
    const silent = await faulty.listen((socket) => socket.resume());
    const http = await faulty.listen((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')),
    );
    const target = { host: '127.0.0.1', port: silent };
    const asked = { target, servername: null, version: 'TLSv1.2', tickets: true, timeoutMs: 300 } as const;

    expect(await take(1, 'TLSv1.2', true)).toMatchObject({ kind: 'failed', ended: { kind: 'unreachable' } });
    expect(await takeSession(asked, REQUEST)).toEqual({ kind: 'failed', ended: { kind: 'timeout' } });
    expect(await take(http, 'TLSv1.3', true)).toMatchObject({ kind: 'failed', ended: { kind: 'tls-error' } });
  });
});
