import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertName } from '../../src/tls/alert.js';
import { cipherSuitesOf } from '../../src/tls/cipher-suite.js';
import { clientCredential } from '../../src/tls/client-credential.js';
import type { ClientHelloOffer } from '../../src/tls/client-hello.js';
import { exchange, type HandshakeOutcome } from '../../src/tls/exchange.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;
const closing: (() => void)[] = [];

beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  lab.issue('client');
  lab.issue('stranger', { by: 'other-ca' });
  servers = new LabServers(lab);
});

afterAll(() => {
  for (const close of closing) close();
  servers?.close();
  lab?.close();
});

/** Five implementations of TLS, each demanding a client certificate of the lab's CA, and what it says to one of another. */
const STACKS: readonly (readonly [
  stack: string,
  program: string,
  alert: string,
  start: () => Promise<number>,
])[] = [
  [
    'OpenSSL',
    'openssl',
    'unknown_ca',
    () =>
      servers.openssl(
        '-cert',
        'server.crt',
        '-key',
        'server.key',
        ...['-CAfile', 'ca.crt', '-Verify', '1', '-verify_return_error', '-www'],
      ),
  ],
  ['Node', 'node', 'closed', node],
  ['Go (Caddy)', 'caddy', 'bad_certificate', caddy],
  ['GnuTLS', 'gnutls-serv', 'access_denied', gnutls],
  ['Java', 'java', 'certificate_unknown', java],
];

describe.each(STACKS)('%s', (_stack, program, alert, start) => {
  let port = 0;
  const ask = (offer: Partial<ClientHelloOffer>, client?: string | null): Promise<HandshakeOutcome> =>
    exchange(
      { host: '127.0.0.1', port },
      { ...fullOffer('localhost'), ...offer },
      client === undefined
        ? {}
        : {
            client: { credential: client === null ? null : credential(client), applicationData: GET },
            limits: { timeoutMs: 2_000 },
          },
    );
  const isThere = peer(program);

  beforeAll(async () => {
    if (isThere) port = await start();
  });

  it.skipIf(!isThere).each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s: the flight is read, the CA is named',
    async (version) => {
      const outcome = await ask({ versions: [version] });

      expect(outcome).toMatchObject({
        kind: 'server-hello',
        serverHello: { version },
        flight: {
          ended: { kind: 'complete' },
          certificateRequest: { signatureSchemes: expect.arrayContaining([0x0403]) },
        },
      });
      const request = outcome.kind === 'server-hello' ? outcome.flight.certificateRequest : null;
      expect(
        request?.certificateAuthorities.map((name) => Buffer.from(name).toString('latin1').slice(-2)),
      ).toEqual(['ca']);
    },
  );

  it.skipIf(!isThere).each(['TLSv1.2', 'TLSv1.3'] as const)(
    '%s: a good certificate gets through, a bad one and none do not',
    async (version) => {
      const good = await ask({ versions: [version] }, 'client');
      const stranger = await ask({ versions: [version] }, 'stranger');
      const none = await ask({ versions: [version] }, null);

      expect(good).toMatchObject({ afterwards: { completed: true, certificateSent: true } });
      expect(answered(good)).toBe(true);
      expect([answered(stranger), answered(none)]).toEqual([false, false]);
      expect(refusal(stranger)).toBe(alert);
    },
  );

  it.skipIf(!isThere).each<[string, Partial<ClientHelloOffer>]>([
    ['with GREASE', { grease: true }],
    ['in records of 64 octets', { fragmentBytes: 64 }],
    ['of 2,000 octets', { padToBytes: 2_000 }],
    ['with a version that nobody knows', { extraVersions: [0x0305] }],
    [
      'with every suite there is',
      { cipherSuites: [...cipherSuitesOf('TLSv1.3'), ...cipherSuitesOf('TLSv1.2')] },
    ],
    ['without a key share', { keyShares: [] }],
  ])('takes a hello %s', async (_how, offer) => {
    expect(await ask(offer)).toMatchObject({
      kind: 'server-hello',
      serverHello: { version: 'TLSv1.3' },
      flight: { ended: { kind: 'complete' } },
    });
  });
});

const GET = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');

const credential = (name: string) =>
  clientCredential([lab.der(name)], createPrivateKey(lab.pem(`${name}.key`)));

function answered(outcome: HandshakeOutcome): boolean {
  return outcome.kind === 'server-hello' && (outcome.afterwards?.applicationData.length ?? 0) > 0;
}

function refusal(outcome: HandshakeOutcome): string {
  const ended = outcome.kind === 'server-hello' ? outcome.afterwards?.ended : undefined;
  return ended?.kind === 'alert' ? alertName(ended.alert) : 'closed';
}

async function node(): Promise<number> {
  const port = await freePort();
  const server = createServer(
    { cert: lab.pem('server.crt'), key: lab.pem('server.key'), ca: lab.pem('ca.crt'), requestCert: true },
    (socket) => {
      socket
        .on('error', () => {})
        .once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
    },
  );
  server.on('tlsClientError', () => {});
  closing.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}

function caddy(): Promise<number> {
  return servers.other((port) => {
    writeFileSync(
      lab.path('Caddyfile'),
      `{
  admin off
  auto_https off
  storage file_system ${lab.path('caddy')}
}
https://localhost:${port} {
  bind 127.0.0.1
  tls ${lab.path('server.crt')} ${lab.path('server.key')} {
    client_auth {
      mode require_and_verify
      trusted_ca_cert_file ${lab.path('ca.crt')}
    }
  }
  respond "served"
}
`,
    );
    return ['caddy', 'run', '--config', lab.path('Caddyfile'), '--adapter', 'caddyfile'];
  });
}

function gnutls(): Promise<number> {
  return servers.other((port) => [
    ...[
      'gnutls-serv',
      '--quiet',
      '--http',
      '--port',
      String(port),
      '--require-client-cert',
      '--verify-client-cert',
    ],
    ...['--x509certfile', 'server.crt', '--x509keyfile', 'server.key', '--x509cafile', 'ca.crt'],
  ]);
}

function java(): Promise<number> {
  const run = (program: string, ...args: string[]): void => {
    execFileSync(program, args, { cwd: lab.folder, stdio: 'pipe' });
  };
  run(
    'openssl',
    'pkcs12',
    '-export',
    '-in',
    'server.crt',
    '-inkey',
    'server.key',
    '-out',
    'java.p12',
    '-passout',
    'pass:lab',
  );
  run(
    'keytool',
    '-importcert',
    '-noprompt',
    '-file',
    'ca.crt',
    '-alias',
    'ca',
    '-keystore',
    'trust.p12',
    '-storepass',
    'lab-lab',
  );
  const source = new URL('JavaServer.java', import.meta.url).pathname;
  const suites = 'TLS_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256';
  return servers.other((port) => [
    'java',
    source,
    String(port),
    'java.p12',
    'TLSv1.2,TLSv1.3',
    suites,
    'trust.p12',
  ]);
}
