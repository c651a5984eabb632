import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpensslVersion } from '../../src/tls/openssl-handshake.js';
import { tryRenegotiation } from '../../src/tls/renegotiation.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;
const own: Server[] = [];
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  servers = new LabServers(lab);
});
afterAll(() => {
  for (const server of own) server.close();
  servers.close();
  lab.close();
});

const KEYS = ['-cert', 'server.crt', '-key', 'server.key'];

function tried(port: number, version: Exclude<OpensslVersion, 'TLSv1.3'> = 'TLSv1.2') {
  const target = { host: '127.0.0.1', port };
  return tryRenegotiation({ target, servername: 'localhost', version, tickets: true, timeoutMs: 3_000 });
}

describe.skipIf(!peer('openssl'))('OpenSSL', () => {
  it.each([
    ['by default does not renegotiate for a client', [], 'refused'],
    ['does where it is allowed to', ['-client_renegotiation'], 'renegotiated'],
    ['does not where nobody may', ['-client_renegotiation', '-no_renegotiation'], 'refused'],
  ])('%s', async (_name, options, kind) => {
    expect(await tried(await servers.openssl(...KEYS, ...options))).toMatchObject({ kind });
  });

  it('does so in TLS 1.0 too', async () => {
    const old = ['-cipher', 'ALL:@SECLEVEL=0', '-client_renegotiation'];

    expect(await tried(await servers.openssl(...KEYS, ...old), 'TLSv1')).toMatchObject({
      kind: 'renegotiated',
    });
  });

  it('is not asked where it lets nobody in without a certificate', async () => {
    const demand = ['-Verify', '1', '-CAfile', 'ca.crt', '-verify_return_error'];

    expect(await tried(await servers.openssl(...KEYS, ...demand))).toEqual({
      kind: 'failed',
      ended: { kind: 'alert', alert: 40 },
    });
  });
});

describe('other servers', () => {
  it('node:tls renegotiates for a client', async () => {
    const server = createServer({ cert: lab.pem('server.crt'), key: lab.pem('server.key') }, (socket) =>
      socket.on('error', () => {}).resume(),
    );
    own.push(server.on('tlsClientError', () => {}));
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
    );

    expect(await tried(port)).toMatchObject({ kind: 'renegotiated' });
  });

  it.skipIf(!peer('nginx'))('nginx does not', async () => {
    const port = await servers.nginx(
      `ssl_certificate ${lab.path('server.crt')}; ssl_certificate_key ${lab.path('server.key')};`,
    );

    expect(await tried(port)).toMatchObject({ kind: 'refused' });
  });

  it.skipIf(!peer('gnutls-serv')).each([
    ['does', 'NORMAL', 'renegotiated'],
    ['does so even where it knows nothing of RFC 5746', 'NORMAL:%DISABLE_SAFE_RENEGOTIATION', 'renegotiated'],
  ])('gnutls-serv %s', async (_name, priority, kind) => {
    const keys = ['--x509certfile', 'server.crt', '--x509keyfile', 'server.key'];
    const options = ['--quiet', '--http', '--priority', priority];
    const port = await servers.other((at) => ['gnutls-serv', ...options, '--port', String(at), ...keys]);

    expect(await tried(port)).toEqual({ kind });
  });

  it.skipIf(!peer('java'))('Java does', async () => {
    const p12 = ['-in', 'server.crt', '-inkey', 'server.key', '-out', 'java.p12', '-passout', 'pass:lab'];
    execFileSync('openssl', ['pkcs12', '-export', ...p12], { cwd: lab.folder, stdio: 'pipe' });
    const source = new URL('JavaServer.java', import.meta.url).pathname;
    const suite = 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
    const port = await servers.other((at) => ['java', source, String(at), 'java.p12', 'TLSv1.2', suite]);

    expect(await tried(port)).toMatchObject({ kind: 'renegotiated' });
  });
});
