import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertName } from '../../src/tls/alert.js';
import { type ClientCredential, clientCredential } from '../../src/tls/client-credential.js';
import type { Afterwards } from '../../src/tls/client-flight.js';
import { exchange } from '../../src/tls/exchange.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { readHttpResponse } from '../../src/tls/http-response.js';
import { signatureSchemeName } from '../../src/tls/signature-scheme.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;

beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  lab.issue('server-rsa', { keyType: 'rsa' });
  for (const keyType of ['ec', 'ec-p384', 'rsa', 'ed25519'] as const)
    lab.issue(`client-${keyType}`, { keyType });
  lab.issue('stranger', { by: 'other-ca' });
  servers = new LabServers(lab);
});

afterAll(() => {
  servers?.close();
  lab?.close();
});

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
type Version = (typeof VERSIONS)[number];

const GET = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');

function credential(name: string): ClientCredential {
  return clientCredential([lab.der(name)], createPrivateKey(lab.pem(`${name}.key`)));
}

async function offered(port: number, version: Version, client: ClientCredential | null): Promise<Afterwards> {
  const outcome = await exchange({ host: '127.0.0.1', port }, fullOffer('localhost', [version]), {
    client: {
      credential: client,
      applicationData: GET,
      isWhole: (received) => typeof readHttpResponse(received, 'more') === 'object',
    },
  });
  if (outcome.kind !== 'server-hello' || !outcome.afterwards)
    throw new Error(`not whole: ${JSON.stringify(outcome)}`);
  return outcome.afterwards;
}

function answer({ applicationData, ended }: Afterwards): string {
  const response = readHttpResponse(applicationData, 'closed');
  if (typeof response === 'object') return `${response.status} ${response.title ?? ''}`.trim();
  return ended.kind === 'alert' ? alertName(ended.alert) : ended.kind;
}

describe.skipIf(!peer('openssl'))('a handshake completed by ourselves, with openssl s_server', () => {
  it.each([
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'server', 'X25519'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'server', 'P-256'],
    ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'server', 'P-256'],
    ['TLSv1.2', 'ECDHE-ECDSA-AES128-CCM', 'server', 'P-256'],
    ['TLSv1.2', 'ECDHE-RSA-AES256-GCM-SHA384', 'server-rsa', 'P-384'],
    ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', 'server', 'X25519'],
    ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', 'server-rsa', 'P-384'],
    ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256', 'server', 'P-256'],
    ['TLSv1.3', 'TLS_AES_128_CCM_8_SHA256', 'server', 'X25519'],
  ] as const)('%s %s %s %s carries a request and its answer', async (version, suite, certificate, group) => {
    const suites = version === 'TLSv1.2' ? ['-cipher', `${suite}:@SECLEVEL=0`] : ['-ciphersuites', suite];
    const port = await servers.openssl(
      '-cert',
      `${certificate}.crt`,
      '-key',
      `${certificate}.key`,
      '-www',
      '-groups',
      group,
      ...suites,
    );

    const afterwards = await offered(port, version, null);

    expect(afterwards).toMatchObject({ completed: true, certificateSent: false });
    expect(answer(afterwards)).toBe('200');
    expect(Buffer.from(afterwards.applicationData).toString()).toContain(suite);
  });

  it.each(
    VERSIONS.flatMap((version) =>
      ['ec', 'ec-p384', 'rsa', 'ed25519'].map((keyType) => [version, keyType] as const),
    ),
  )('%s: the server takes a client certificate with an %s key', async (version, keyType) => {
    const port = await servers.openssl(...TO_BE_KNOWN);

    const afterwards = await offered(port, version, credential(`client-${keyType}`));

    expect(afterwards).toMatchObject({ completed: true, certificateSent: true });
    expect(answer(afterwards)).toBe('200');
    expect(Buffer.from(afterwards.applicationData).toString()).toContain(`Subject: CN=client-${keyType}\n`);
  });

  it('without the extended master secret too', async () => {
    const port = await servers.openssl(...TO_BE_KNOWN);

    const offer = { ...fullOffer('localhost', ['TLSv1.2']), omit: [23] };
    const outcome = await exchange({ host: '127.0.0.1', port }, offer, {
      client: { credential: credential('client-ec'), applicationData: GET },
    });

    expect(outcome).toMatchObject({
      flight: { extensions: { extendedMasterSecret: false } },
      afterwards: { completed: true },
    });
  });

  it.each([
    ['TLSv1.2', 'handshake_failure'],
    ['TLSv1.3', 'certificate_required'],
  ] as const)('%s: an empty Certificate is refused by %s', async (version, alert) => {
    const port = await servers.openssl(...TO_BE_KNOWN);

    expect(answer(await offered(port, version, null))).toBe(alert);
  });

  it.each(VERSIONS)(
    '%s: the wrong key, the wrong CA and octets that are no certificate are each told apart',
    async (version) => {
      const port = await servers.openssl(...TO_BE_KNOWN);
      const wrongKey = clientCredential([lab.der('client-ec')], createPrivateKey(lab.pem('stranger.key')));
      const garbage = { ...credential('client-ec'), chain: [Buffer.from('no certificate')] };
      const truncated = { ...credential('client-ec'), certificateBody: Buffer.from([0, 0, 0, 9]) };

      expect(answer(await offered(port, version, credential('client-ec')))).toBe('200');
      expect(answer(await offered(port, version, wrongKey))).toBe('decrypt_error');
      expect(answer(await offered(port, version, credential('stranger')))).toBe('unknown_ca');
      expect(answer(await offered(port, version, garbage))).toBe('decode_error');
      expect(answer(await offered(port, version, truncated))).toBe('decode_error');
    },
  );

  it.each(VERSIONS)(
    '%s: a key that the CertificateRequest does not allow is sent all the same',
    async (version) => {
      const port = await servers.openssl(...TO_BE_KNOWN, '-client_sigalgs', 'RSA-PSS+SHA256');

      const afterwards = await offered(port, version, credential('client-ec'));

      expect(afterwards.certificateSent).toBe(true);
      expect(signatureSchemeName(afterwards.signatureScheme ?? 0)).toBe('ecdsa_secp256r1_sha256');
      expect(answer(afterwards)).toBe('handshake_failure');
    },
  );

  it.each([
    ['TLSv1.2', 'RSA-PSS+SHA384', 'rsa_pss_rsae_sha384'],
    ['TLSv1.3', 'RSA-PSS+SHA384', 'rsa_pss_rsae_sha384'],
    ['TLSv1.2', 'RSA+SHA512', 'rsa_pkcs1_sha512'],
  ] as const)('%s: signs with %s where the server takes nothing else', async (version, wanted, scheme) => {
    const port = await servers.openssl(...TO_BE_KNOWN, '-client_sigalgs', wanted);

    const afterwards = await offered(port, version, credential('client-rsa'));

    expect(signatureSchemeName(afterwards.signatureScheme ?? 0)).toBe(scheme);
    expect(answer(afterwards)).toBe('200');
  });

  it('tells what there is to resume by', async () => {
    const port = await servers.openssl('-cert', 'server.crt', '-key', 'server.key', '-www');

    const [twelve, thirteen] = [await offered(port, 'TLSv1.2', null), await offered(port, 'TLSv1.3', null)];

    expect(thirteen.sessionTickets).toMatchObject([{ lifetimeSeconds: 7200, maxEarlyDataSize: null }, {}]);
    expect(twelve.sessionTickets).toMatchObject([{ lifetimeSeconds: 7200, maxEarlyDataSize: null }]);
    expect(twelve.sessionTickets[0]?.ticket.length).toBeGreaterThan(100);
  });

  it('tells that 0-RTT is offered, and ends at its deadline where the server waits', async () => {
    const port = await servers.openssl(
      '-cert',
      'server.crt',
      '-key',
      'server.key',
      '-early_data',
      '-num_tickets',
      '3',
    );

    const outcome = await exchange({ host: '127.0.0.1', port }, fullOffer('localhost'), {
      limits: { timeoutMs: 500 },
      client: { credential: null, applicationData: null },
    });

    const tickets = { maxEarlyDataSize: 16_384, lifetimeSeconds: 7200 };
    expect(outcome).toMatchObject({
      afterwards: { sessionTickets: [tickets, tickets, tickets], ended: { kind: 'timeout' } },
    });
  });

  it('goes no further where it has no means to: a suite with CBC', async () => {
    const port = await servers.openssl(
      '-cert',
      'server.crt',
      '-key',
      'server.key',
      '-cipher',
      'ECDHE-ECDSA-AES128-SHA',
    );

    expect(await offered(port, 'TLSv1.2', null)).toMatchObject({
      completed: false,
      ended: { kind: 'not-read' },
    });
  });
});

describe('what web servers say to a client certificate', () => {
  const nginx = (): Promise<number> =>
    servers.nginx(`ssl_certificate ${lab.path('server.crt')}; ssl_certificate_key ${lab.path('server.key')};
ssl_client_certificate ${lab.path('ca.crt')}; ssl_verify_client on;`);
  const apache = (): Promise<number> =>
    servers.apache(`SSLCertificateFile ${lab.path('server.crt')}
SSLCertificateKeyFile ${lab.path('server.key')}
SSLCACertificateFile ${lab.path('ca.crt')}
SSLVerifyClient require`);
  const haproxy = (): Promise<number> => {
    writeFileSync(lab.path('both.pem'), lab.pem('server.crt') + lab.pem('server.key'));
    return servers.haproxy(`ssl crt ${lab.path('both.pem')} ca-file ${lab.path('ca.crt')} verify required`);
  };

  it.skipIf(!peer('nginx')).each(VERSIONS)('nginx refuses by a page, %s', async (version) => {
    const port = await nginx();

    expect(answer(await offered(port, version, credential('client-ec')))).toBe('200');
    expect(answer(await offered(port, version, null))).toBe('400 400 No required SSL certificate was sent');
    expect(answer(await offered(port, version, credential('stranger')))).toBe(
      '400 400 The SSL certificate error',
    );
  });

  it.skipIf(!peer('apache2')).each(VERSIONS)('Apache refuses by an alert, %s', async (version) => {
    const port = await apache();

    expect(answer(await offered(port, version, credential('client-rsa')))).toBe('200');
    expect(answer(await offered(port, version, null))).toBe(
      version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required',
    );
    expect(answer(await offered(port, version, credential('stranger')))).toBe('unknown_ca');
  });

  it.skipIf(!peer('haproxy')).each(VERSIONS)('HAProxy refuses by an alert, %s', async (version) => {
    const port = await haproxy();

    expect(answer(await offered(port, version, credential('client-ed25519')))).toBe('200');
    expect(answer(await offered(port, version, null))).toBe(
      version === 'TLSv1.2' ? 'handshake_failure' : 'certificate_required',
    );
    expect(answer(await offered(port, version, credential('stranger')))).toBe('unknown_ca');
  });

  it.skipIf(!peer('apache2'))(
    'Apache asks for a certificate after the handshake of TLS 1.3, where one location needs it',
    async () => {
      const port = await servers.apache(`SSLCertificateFile ${lab.path('server.crt')}
SSLCertificateKeyFile ${lab.path('server.key')}
SSLCACertificateFile ${lab.path('ca.crt')}
<Location /private>
SSLVerifyClient require
</Location>`);
      const ask = async (client: ClientCredential | null): Promise<Afterwards> => {
        const offer = {
          ...fullOffer('localhost', ['TLSv1.3']),
          extensions: [{ type: 49, data: new Uint8Array() }],
        };
        const request = Buffer.from('GET /private/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
        const outcome = await exchange({ host: '127.0.0.1', port }, offer, {
          client: { credential: client, applicationData: request },
        });
        if (outcome.kind !== 'server-hello' || !outcome.afterwards) throw new Error('not whole');
        expect(outcome.flight.certificateRequest).toBeNull();
        return outcome.afterwards;
      };

      const [good, stranger] = [await ask(credential('client-ec')), await ask(credential('stranger'))];

      expect(good).toMatchObject({ laterRequests: 1, certificateSent: true });
      expect(answer(good)).toBe('200');
      expect(answer(stranger)).toBe('unknown_ca');
    },
  );
});

/** Shows who is there, and lets nobody in whom the CA does not know. */
const TO_BE_KNOWN = [
  ...['-cert', 'server.crt', '-key', 'server.key', '-www'],
  ...['-Verify', '1', '-verify_return_error', '-CAfile', 'ca.crt'],
];
