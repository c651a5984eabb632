import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../../src/probe/connections.js';
import { trySessions } from '../../src/probe/scan/sessions.js';
import { type SessionTraits, told } from '../../src/probe/scan.js';
import type { RequestCertificate } from '../../src/tls/request-outcome.js';
import type { TlsVersion } from '../../src/tls/version.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from '../tls/lab-certificates.js';
import { LabServers } from '../tls/lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  writeFileSync(lab.path('server.pem'), lab.pem('server.crt') + lab.pem('server.key'));
  servers = new LabServers(lab);
});
afterAll(() => {
  servers.close();
  lab.close();
});

const REQUEST = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
const BOTH: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2'];
const KEYS = ['-cert', 'server.crt', '-key', 'server.key'];
const nginx = (lines: string) =>
  servers.nginx(
    `ssl_certificate ${lab.path('server.crt')}; ssl_certificate_key ${lab.path('server.key')}; ${lines}`,
  );
const haproxy = (options: string) =>
  servers.haproxy(
    `ssl crt ${lab.path('server.pem')} ca-file ${lab.path('ca.crt')} verify required ${options}`,
  );

async function tried(port: number, spoken = BOTH, certificate: RequestCertificate | null = null) {
  const connections = new Connections({ host: '127.0.0.1', port }, 32, 4_000);
  const suites = new Map(spoken.map((version) => [version, version === 'TLSv1.3' ? [0x1301] : [0xc02b]]));
  const context = { servername: 'localhost', spoken, suites, groups: [0x1d], request: REQUEST, certificate };
  return { traits: await trySessions(connections, context), connections: connections.count };
}

/** Resumption by id, by ticket, in TLS 1.3; a ticket's lifetime; early data; renegotiation. */
function traits(
  ...[id, ticket, thirteen, lifetime, earlyData, renegotiation]: [
    boolean,
    boolean,
    boolean,
    number,
    number,
    boolean,
  ]
): SessionTraits {
  return {
    resumesById: told(id),
    resumesByTicket: told(ticket),
    resumesTls13: told(thirteen),
    ticketLifetimeSeconds: told(lifetime),
    earlyDataBytes: told(earlyData),
    clientRenegotiation: told(renegotiation),
  };
}

describe('sessions as they are configured', () => {
  it.skipIf(!peer('nginx')).each([
    ['nginx as it comes', '', traits(false, true, true, 300, 0, false)],
    ['nginx with a cache', 'ssl_session_cache shared:lab:1m;', traits(true, true, true, 300, 0, false)],
    [
      'nginx with neither',
      'ssl_session_tickets off; ssl_session_cache off;',
      traits(false, false, false, 300, 0, false),
    ],
    ['nginx with early data', 'ssl_early_data on;', traits(false, true, true, 300, 16_384, false)],
    [
      'nginx that asks for a certificate and goes on without',
      `ssl_verify_client on; ssl_client_certificate CA;`,
      traits(false, true, true, 300, 0, false),
    ],
  ])('%s', async (_name, lines, expected) => {
    expect((await tried(await nginx(lines.replace('CA', lab.path('ca.crt'))))).traits).toEqual(expected);
  });

  it.skipIf(!peer('nginx'))('seven connections are enough for all of it', async () => {
    expect((await tried(await nginx('ssl_session_cache shared:lab:1m;'))).connections).toBe(7);
  });

  it.skipIf(!peer('openssl')).each([
    ['OpenSSL', [], BOTH, traits(true, true, true, 7_200, 0, false)],
    ['OpenSSL that renegotiates', ['-client_renegotiation'], BOTH, traits(true, true, true, 7_200, 0, true)],
    ['OpenSSL with early data', ['-early_data'], BOTH, traits(true, true, true, 7_200, 16_384, false)],
    ['OpenSSL without tickets', ['-no_ticket'], BOTH, traits(true, false, true, 7_200, 0, false)],
    ['TLS 1.2 alone', ['-tls1_2'], ['TLSv1.2'], traits(true, true, false, 7_200, 0, false)],
    ['TLS 1.3 alone', ['-tls1_3'], ['TLSv1.3'], traits(false, false, true, 7_200, 0, false)],
  ] as const)('%s', async (_name, options, spoken, expected) => {
    expect((await tried(await servers.openssl(...KEYS, ...options), spoken)).traits).toEqual(expected);
  });
});

describe.skipIf(!peer('haproxy'))('behind a client certificate that HAProxy demands', () => {
  const PERHAPS =
    'the handshake ends by the alert handshake_failure: perhaps a client certificate is demanded';
  const DEMANDED = 'the handshake ends by the alert certificate_required: a client certificate is demanded';

  it('what takes a whole handshake is untold, and why', async () => {
    expect((await tried(await haproxy(''))).traits).toEqual({
      resumesById: { value: null, why: PERHAPS },
      resumesByTicket: { value: null, why: PERHAPS },
      resumesTls13: { value: null, why: DEMANDED },
      ticketLifetimeSeconds: { value: null, why: PERHAPS },
      earlyDataBytes: { value: null, why: DEMANDED },
      clientRenegotiation: { value: null, why: PERHAPS },
    });
  });

  it.each([
    ['as it comes', '', traits(true, true, true, 7_200, 0, false)],
    ['with early data', 'allow-0rtt', traits(true, true, true, 7_200, 15_360, false)],
    ['without tickets', 'no-tls-tickets', traits(true, false, true, 7_200, 0, false)],
  ])('all of it is told to one who has a certificate: %s', async (_name, options, expected) => {
    lab.issue('client', { extensions: 'extendedKeyUsage=clientAuth' });
    const certificate = { chain: [lab.der('client')], key: lab.pem('client.key') };

    expect((await tried(await haproxy(options), BOTH, certificate)).traits).toEqual(expected);
  });

  it('a certificate that is not let in changes nothing', async () => {
    lab.issue('stranger', { by: 'other-ca' });
    const certificate = { chain: [lab.der('stranger')], key: lab.pem('stranger.key') };

    expect((await tried(await haproxy(''), BOTH, certificate)).traits.resumesByTicket).toEqual({
      value: null,
      why: PERHAPS,
    });
  });

  it('that no tickets are given shows without one', async () => {
    expect((await tried(await haproxy('no-tls-tickets'), ['TLSv1.2'])).traits).toMatchObject({
      resumesByTicket: told(false),
      resumesTls13: told(false),
      ticketLifetimeSeconds: told(0),
      earlyDataBytes: told(0),
    });
  });
});

describe('nothing is told', () => {
  it.each([
    ['of a server that has gone away', ['TLSv1.2', 'TLSv1.3'], 'no connection came about'],
    ['of a server of which nothing is known', [], 'no version of TLS is known to be spoken'],
    ['of SSL 3.0 alone', ['SSLv3'], 'sessions of SSL 3.0 are not tried'],
    ['of SSL 2.0 alone', ['SSLv2'], 'sessions of SSL 2.0 are not tried'],
  ] as const)('%s', async (_name, spoken, why) => {
    expect(Object.values((await tried(1, spoken)).traits)).toEqual(Array(6).fill({ value: null, why }));
  });
});
