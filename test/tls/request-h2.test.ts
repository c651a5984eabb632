import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { presentedCredential } from '../../src/credentials/presented-credential.js';
import { rawRequest } from '../../src/tls/raw-request.js';
import { requestH2 } from '../../src/tls/request-h2.js';
import type { RequestOutcome, TlsRequest } from '../../src/tls/request-outcome.js';
import { startServer } from '../config/running-server.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { makeProbePki, type ProbePki } from '../probe/probe-pki.js';
import { TIMED } from '../timed.js';

let pki: ProbePki;
let good: TlsRequest['certificate'];
const stops: Array<() => unknown> = [];
beforeAll(async () => {
  pki = await makeProbePki();
  const { files } = await pki.ca.issueClient({ commonName: 'alice' });
  const { chain, privateKey } = await presentedCredential(
    readFileSync(files.fullchain),
    readFileSync(files.privkey!),
  );
  good = { chain, key: privateKey };
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => pki.close());

const asked = (port: number, more: Partial<TlsRequest> = {}): TlsRequest => ({
  target: { host: '127.0.0.1', port },
  servername: 'localhost',
  version: 'TLSv1.3',
  alpn: ['h2'],
  request: Buffer.from('GET /a?b=c HTTP/1.1\r\nHost: localhost\r\nX-Test: 1\r\nConnection: close\r\n\r\n'),
  timeoutMs: 3000,
  ...more,
});

const nginx = async (lines: string): Promise<number> => {
  const { fullchain, privkey, caChain } = pki.served.files;
  const { folder } = pki.served;
  const port = await freePort();
  const server = await startServer(
    {
      target: 'nginx',
      program: 'nginx',
      args: (file) => ['-e', 'stderr', '-c', file, '-g', 'daemon off;'],
      reload: () => undefined,
    },
    `pid ${folder}/nginx-h2.pid; error_log stderr; events {}
http { access_log off; server { listen 127.0.0.1:${port} ssl http2; server_name localhost;
ssl_certificate ${fullchain}; ssl_certificate_key ${privkey}; ssl_client_certificate ${caChain};
ssl_verify_depth 2; ssl_protocols TLSv1.2 TLSv1.3; ${lines}
location / { return 200 "$server_protocol $uri $args $http_x_test $ssl_client_verify\\n"; } } }`,
    `${folder}/nginx-h2.conf`,
    port,
  );
  stops.push(() => server.stop());
  return port;
};

const node = async (): Promise<number> => {
  const { fullchain, privkey, caChain } = pki.served.files;
  const server = createSecureServer(
    {
      cert: readFileSync(fullchain),
      key: readFileSync(privkey),
      ca: readFileSync(caChain),
      requestCert: true,
    },
    (incoming, answer) => answer.end(`HTTP/${incoming.httpVersion} ${incoming.url}`),
  ).listen(0, '127.0.0.1');
  server.on('sessionError', () => undefined).on('tlsClientError', () => undefined);
  await new Promise((resolve) => server.once('listening', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
};
const bodyOf = ({ http }: RequestOutcome): string => Buffer.from(http?.body ?? []).toString();

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('HTTP/2 in %s', (version) => {
  it.runIf(peer('nginx'))('gets what nginx serves to a client, and its page to a stranger', async () => {
    const port = await nginx('ssl_verify_client on;');

    const client = await requestH2(asked(port, { version, certificate: good ?? null }));
    const stranger = await requestH2(asked(port, { version }));

    expect(client).toMatchObject({ alpn: 'h2', ended: { kind: 'complete' }, certificateSent: true });
    expect(client.http).toMatchObject({ status: 200, whole: true });
    expect(bodyOf(client)).toBe('HTTP/2.0 /a b=c 1 SUCCESS\n');
    expect(stranger.http).toMatchObject({
      status: 400,
      title: '400 No required SSL certificate was sent',
    });
    expect(stranger.certificateSent).toBe(null);
  });

  it.runIf(peer('nginx'))('tells a certificate that was not asked for from one that was sent', async () => {
    const port = await nginx('ssl_verify_client off;');

    const outcome = await requestH2(asked(port, { version, certificate: good ?? null }));

    expect(outcome).toMatchObject({ certificateSent: false, http: { status: 200 } });
  });

  it.runIf(peer('nginx'))('is spoken by our own engine too', async () => {
    const port = await nginx('ssl_verify_client on;');

    const client = await rawRequest(asked(port, { version, certificate: good ?? null }));
    const stranger = await rawRequest(asked(port, { version }));

    expect(client).toMatchObject({ alpn: 'h2', certificateSent: true, http: { status: 200 } });
    expect(bodyOf(client)).toBe('HTTP/2.0 /a b=c 1 SUCCESS\n');
    expect(stranger.http).toMatchObject({ status: 400, title: expect.stringMatching(/^400 No required/) });
  });

  it('ends as the connection does where Node turns a stranger away', async () => {
    const port = await node();

    const client = await requestH2(asked(port, { version, certificate: good ?? null }));
    const stranger = await requestH2(asked(port, { version }));

    expect(bodyOf(client)).toBe('HTTP/2.0 /a?b=c');
    expect(stranger).toMatchObject({
      ended: { kind: 'alert', alert: version === 'TLSv1.3' ? 116 : 40 },
      http: null,
      receivedBytes: 0,
    });
  });

  it('asks for nothing where ALPN agrees on nothing', async () => {
    const { fullchain, privkey } = pki.served.files;
    const { createServer } = await import('node:tls');
    const plain = createServer({ cert: readFileSync(fullchain), key: readFileSync(privkey) });
    plain.on('tlsClientError', () => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => plain.once('listening', resolve));
    stops.push(() => plain.close());

    const outcome = await requestH2(asked((plain.address() as AddressInfo).port, { version }));

    expect(outcome).toMatchObject({ ended: { kind: 'refused-locally' }, http: null });
  });
});

it('an answer without an end is no whole answer, and comes to an end all the same', TIMED, async () => {
  const slow = createSecureServer(
    {
      cert: readFileSync(pki.served.files.fullchain),
      key: readFileSync(pki.served.files.privkey),
    },
    (_incoming, answer) => answer.write('half'),
  ).listen(0, '127.0.0.1');
  await new Promise((resolve) => slow.once('listening', resolve));
  stops.push(() => slow.close());

  const started = performance.now();
  const outcome = await requestH2(asked((slow.address() as AddressInfo).port, { timeoutMs: 400 }));

  expect(performance.now() - started).toBeLessThan(1500);
  expect(outcome).toMatchObject({ ended: { kind: 'timeout' }, http: { status: 200, whole: false } });
});
