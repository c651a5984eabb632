import { writeFileSync } from 'node:fs';
import { createServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alertName } from '../../src/tls/alert.js';
import { request } from '../../src/tls/request.js';
import type { RequestCertificate, RequestOutcome, TlsRequest } from '../../src/tls/request-outcome.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;
const nodeServers: TlsServer[] = [];

beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  lab.issue('client');
  lab.issue('client-rsa', { keyType: 'rsa' });
  lab.issue('stranger', { by: 'other-ca' });
  servers = new LabServers(lab);
});

afterEach(() => {
  for (const server of nodeServers.splice(0)) server.close();
});

afterAll(() => {
  servers?.close();
  lab?.close();
});

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

function certificate(name: string): RequestCertificate {
  return { chain: [lab.der(name)], key: lab.pem(`${name}.key`) };
}

function ask(
  port: number,
  version: TlsRequest['version'],
  change: Partial<TlsRequest> = {},
): Promise<RequestOutcome> {
  return request({
    target: { host: '127.0.0.1', port },
    servername: 'localhost',
    version,
    request: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    timeoutMs: 5_000,
    ...change,
  });
}

function verdict({ http, ended }: RequestOutcome): string {
  if (http) return `${http.status} ${http.title ?? ''}`.trim();
  return ended.kind === 'alert' ? alertName(ended.alert) : ended.kind;
}

describe('a request with a client certificate', () => {
  it.skipIf(!peer('nginx')).each(VERSIONS)('nginx, %s: pages', async (version) => {
    const port =
      await servers.nginx(`ssl_certificate ${lab.path('server.crt')}; ssl_certificate_key ${lab.path('server.key')};
ssl_client_certificate ${lab.path('ca.crt')}; ssl_verify_client on;`);

    const good = await ask(port, version, { certificate: certificate('client') });
    const none = await ask(port, version);
    const stranger = await ask(port, version, { certificate: certificate('stranger') });

    expect(good).toMatchObject({
      handshake: 'completed',
      ended: { kind: 'complete' },
      protocol: version,
      certificateSent: true,
    });
    expect(verdict(good)).toBe('200');
    expect(Buffer.from(good.http?.body ?? []).toString()).toBe('served SUCCESS\n');
    expect(verdict(none)).toBe('400 400 No required SSL certificate was sent');
    expect(none.certificateSent).toBeNull();
    expect(verdict(stranger)).toBe('400 400 The SSL certificate error');
    expect(stranger.certificateSent).toBe(true);
  });

  it.skipIf(!peer('apache2')).each(VERSIONS)('Apache, %s: alerts', async (version) => {
    const port = await servers.apache(`SSLCertificateFile ${lab.path('server.crt')}
SSLCertificateKeyFile ${lab.path('server.key')}
SSLCACertificateFile ${lab.path('ca.crt')}
SSLVerifyClient require`);

    expect(verdict(await ask(port, version, { certificate: certificate('client-rsa') }))).toBe('200');
    expect(verdict(await ask(port, version))).toBe(
      version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required',
    );
    expect(verdict(await ask(port, version, { certificate: certificate('stranger') }))).toBe('unknown_ca');
  });

  it.skipIf(!peer('haproxy')).each(VERSIONS)('HAProxy, %s: alerts', async (version) => {
    writeFileSync(lab.path('both.pem'), lab.pem('server.crt') + lab.pem('server.key'));
    const port = await servers.haproxy(
      `ssl crt ${lab.path('both.pem')} ca-file ${lab.path('ca.crt')} verify required`,
    );

    const good = await ask(port, version, { certificate: certificate('client'), ca: [lab.pem('ca.crt')] });

    expect(verdict(good)).toBe('200');
    expect(good.authorized).toBe(true);
    expect(good.peerCertificates.map((der) => Buffer.from(der))[0]).toEqual(lab.der('server'));
    expect(verdict(await ask(port, version))).toBe(
      version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required',
    );
    expect(verdict(await ask(port, version, { certificate: certificate('stranger') }))).toBe('unknown_ca');
  });

  it.each(VERSIONS)('node:tls, %s: a bad certificate ends in silence', async (version) => {
    const port = await nodeServer({ requestCert: true, rejectUnauthorized: true });

    const stranger = await ask(port, version, { certificate: certificate('stranger') });

    expect(verdict(await ask(port, version, { certificate: certificate('client') }))).toBe('200');
    expect(stranger.http).toBeNull();
    expect(stranger).toMatchObject({ receivedBytes: 0, certificateSent: true });
    expect(['eof', 'reset']).toContain(stranger.ended.kind);
    expect(stranger.handshake).toBe(version === 'TLSv1.2' ? 'failed' : 'completed');
    expect(verdict(await ask(port, version))).toBe(
      version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required',
    );
  });

  it.skipIf(!peer('apache2'))(
    'Apache renegotiates for one location in TLS 1.2, and the certificate goes out then',
    async () => {
      const port = await servers.apache(`SSLCertificateFile ${lab.path('server.crt')}
SSLCertificateKeyFile ${lab.path('server.key')}
SSLCACertificateFile ${lab.path('ca.crt')}
<Location /private>
SSLVerifyClient require
</Location>`);
      const get = Buffer.from('GET /private/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');

      const good = await ask(port, 'TLSv1.2', { request: get, certificate: certificate('client') });
      const stranger = await ask(port, 'TLSv1.2', { request: get, certificate: certificate('stranger') });
      const elsewhere = await ask(port, 'TLSv1.2', { certificate: certificate('client') });

      expect(verdict(good)).toBe('200');
      expect(good).toMatchObject({ renegotiated: true, certificateSent: true });
      expect(verdict(stranger)).toBe('unknown_ca');
      expect(stranger.certificateSent).toBe(true);
      expect(elsewhere).toMatchObject({ renegotiated: false, certificateSent: false });
    },
  );
});

it('a renegotiation does not send the request again', async () => {
  const received: Buffer[] = [];
  const port = await nodeServer({}, (_write, socket) => {
    socket.on('data', (chunk) => received.push(chunk));
    socket.renegotiate({ requestCert: true, rejectUnauthorized: false }, () => {
      setTimeout(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'), 50);
    });
  });

  const outcome = await ask(port, 'TLSv1.2', { certificate: certificate('client') });

  expect(outcome).toMatchObject({ renegotiated: true, http: { status: 200 } });
  expect(Buffer.concat(received).toString()).toBe('');
});

describe.skipIf(!peer('openssl'))('whether the certificate went out', () => {
  const rsaOnly = [
    '-cert',
    'server.crt',
    '-key',
    'server.key',
    '-www',
    '-Verify',
    '1',
    '-client_sigalgs',
    'RSA-PSS+SHA256',
  ];

  it.each(VERSIONS)(
    '%s: not where OpenSSL keeps back a key that the server does not allow',
    async (version) => {
      const port = await servers.openssl(...rsaOnly);

      const ec = await ask(port, version, { certificate: certificate('client') });
      const rsa = await ask(port, version, { certificate: certificate('client-rsa') });

      expect(ec.certificateSent).toBe(false);
      expect(verdict(ec)).toBe(version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required');
      expect(rsa.certificateSent).toBe(true);
      expect(verdict(rsa)).toBe('200');
    },
  );

  it.each(['P-256', 'P-384', 'P-521', 'X448'])(
    'a HelloRetryRequest for %s does not look like a certificate',
    async (group) => {
      const port = await servers.openssl(...rsaOnly, '-groups', group);

      expect(await ask(port, 'TLSv1.3', { certificate: certificate('client') })).toMatchObject({
        certificateSent: false,
      });
      expect(await ask(port, 'TLSv1.3', { certificate: certificate('client-rsa') })).toMatchObject({
        certificateSent: true,
      });
    },
  );

  it.each(VERSIONS)('%s: not where nobody asked', async (version) => {
    const port = await servers.openssl('-cert', 'server.crt', '-key', 'server.key', '-www');

    expect(await ask(port, version, { certificate: certificate('client') })).toMatchObject({
      certificateSent: false,
    });
  });

  it.each(VERSIONS)('%s: a long request does not count', async (version) => {
    const port = await servers.openssl('-cert', 'server.crt', '-key', 'server.key', '-www');
    const long = Buffer.from(`GET / HTTP/1.1\r\nX: ${'x'.repeat(9_000)}\r\n\r\n`);

    expect(await ask(port, version, { certificate: certificate('client'), request: long })).toMatchObject({
      certificateSent: false,
    });
  });
});

describe('a request without a good end', () => {
  it.each(VERSIONS)('%s: a session is given back and resumes', async (version) => {
    const port = await nodeServer({});

    const first = await ask(port, version);
    const second = await ask(port, version, { session: first.session });

    expect(first).toMatchObject({ resumed: false });
    expect(second).toMatchObject({ resumed: true });
    expect(verdict(second)).toBe('200');
  });

  it('nobody there', async () => {
    const outcome = await ask(await freePort(), 'TLSv1.3');

    expect(outcome).toMatchObject({
      handshake: 'failed',
      ended: { kind: 'unreachable', why: 'refused', code: 'ECONNREFUSED' },
    });
  });

  it('a pair of certificate and key that OpenSSL will not use is said, not thrown', async () => {
    const port = await nodeServer({});
    const pair = { chain: [lab.der('client')], key: lab.pem('stranger.key') };

    expect((await ask(port, 'TLSv1.3', { certificate: pair })).ended.kind).toBe('refused-locally');
  });

  it('a server that takes the request and says nothing ends at the deadline', async () => {
    const port = await nodeServer({}, () => {});

    const outcome = await ask(port, 'TLSv1.3', { timeoutMs: 400 });

    expect(outcome).toMatchObject({ handshake: 'completed', ended: { kind: 'timeout' }, receivedBytes: 0 });
  });

  it('an answer that never ends is cut off', async () => {
    const port = await nodeServer({}, (write) => {
      write('HTTP/1.1 200 OK\r\n\r\n');
      for (let count = 0; count < 40; count += 1) write('x'.repeat(10_000));
    });

    const outcome = await ask(port, 'TLSv1.2');

    expect(outcome).toMatchObject({ ended: { kind: 'complete' }, http: { status: 200, whole: false } });
    expect(outcome.http?.body).toHaveLength(65_536);
  });
});

async function nodeServer(
  options: { requestCert?: boolean; rejectUnauthorized?: boolean },
  answer: (write: (text: string) => void, socket: TLSSocket) => void = (write) =>
    write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
): Promise<number> {
  const certificates = { cert: lab.pem('server.crt'), key: lab.pem('server.key'), ca: lab.pem('ca.crt') };
  const server = createServer({ ...certificates, ...options }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => answer((text) => socket.write(text), socket));
  });
  server.on('tlsClientError', () => {});
  nodeServers.push(server);
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}
