import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cipherSuiteName, cipherSuiteNamed } from '../../src/tls/cipher-suite.js';
import { exchange, type HandshakeOutcome } from '../../src/tls/exchange.js';
import { exchangeSsl2 } from '../../src/tls/exchange-ssl2.js';
import type { TlsVersion } from '../../src/tls/version.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;

beforeAll(() => {
  lab = labCertificates();
  lab.issue('server-rsa', { keyType: 'rsa' });
  servers = new LabServers(lab);
});

afterAll(() => {
  servers?.close();
  lab?.close();
});

const ask = (port: number, version: TlsVersion, cipherSuites: readonly number[]): Promise<HandshakeOutcome> =>
  exchange({ host: '127.0.0.1', port }, { versions: [version], cipherSuites, serverName: 'localhost' });

/** Java's names are IANA's, but for `SSL_` before the suites of SSL 3.0. */
const ids = (names: readonly string[]): number[] =>
  names.map((name) => cipherSuiteNamed(name.replace(/^SSL_/, 'TLS_'))!.id);

describe.skipIf(!peer('java'))('with everything that Java can be made to speak', () => {
  const SUITES = [
    'TLS_RSA_WITH_AES_128_CBC_SHA',
    'SSL_RSA_WITH_3DES_EDE_CBC_SHA',
    'SSL_DHE_RSA_WITH_3DES_EDE_CBC_SHA',
    'SSL_DH_anon_WITH_3DES_EDE_CBC_SHA',
    'TLS_ECDH_anon_WITH_AES_128_CBC_SHA',
    'SSL_RSA_WITH_RC4_128_SHA',
    'SSL_RSA_WITH_DES_CBC_SHA',
    'SSL_RSA_EXPORT_WITH_DES40_CBC_SHA',
    'SSL_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA',
    'SSL_RSA_WITH_NULL_SHA',
  ];
  let port: number;

  beforeAll(async () => {
    const pkcs12 = [
      'pkcs12',
      '-export',
      '-in',
      'server-rsa.crt',
      '-inkey',
      'server-rsa.key',
      '-out',
      'java.p12',
      '-passout',
      'pass:lab',
    ];
    execFileSync('openssl', pkcs12, { cwd: lab.folder, stdio: 'pipe' });
    writeFileSync(
      lab.path('java.security'),
      'jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\njdk.certpath.disabledAlgorithms=\n',
    );
    const source = new URL('JavaServer.java', import.meta.url).pathname;
    port = await servers.other((at) => [
      ...[
        'java',
        `-Djava.security.properties=${lab.path('java.security')}`,
        '-Djdk.tls.ephemeralDHKeySize=legacy',
        source,
        String(at),
        'java.p12',
      ],
      ...['SSLv3,TLSv1,TLSv1.1', SUITES.join(',')],
    ]);
  });

  it.each(['SSLv3', 'TLSv1', 'TLSv1.1'] as const)(
    '%s is found, and each suite by its name',
    async (version) => {
      const answers = await Promise.all(ids(SUITES).map((id) => ask(port, version, [id])));

      const taken = answers.flatMap((answer) => (answer.kind === 'server-hello' ? [answer] : []));
      expect(taken.map(({ serverHello }) => cipherSuiteName(serverHello.cipherSuite)).sort()).toEqual(
        SUITES.map((name) => name.replace(/^SSL_/, 'TLS_'))
          .filter((name) => version !== 'TLSv1.1' || !name.includes('EXPORT'))
          .sort(),
      );
      for (const { serverHello, flight } of taken) {
        expect.soft(serverHello.version).toBe(version);
        expect.soft(flight.ended, cipherSuiteName(serverHello.cipherSuite)).toEqual({ kind: 'complete' });
      }
    },
  );

  it('an anonymous suite brings no certificate, an EXPORT suite a key of its bits', async () => {
    const anonymous = await ask(port, 'TLSv1', ids(['SSL_DH_anon_WITH_3DES_EDE_CBC_SHA']));
    const exportDh = await ask(port, 'TLSv1', ids(['SSL_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA']));
    const exportRsa = await ask(port, 'SSLv3', ids(['SSL_RSA_EXPORT_WITH_DES40_CBC_SHA']));

    expect(anonymous).toMatchObject({
      flight: { certificate: null, serverKeyExchange: { kind: 'dh', signature: null } },
    });
    expect(exportDh).toMatchObject({ flight: { serverKeyExchange: { kind: 'dh', primeBits: 512 } } });
    expect(exportRsa).toMatchObject({ flight: { serverKeyExchange: { kind: 'rsa', modulusBits: 512 } } });
  });

  it('a hello of TLS 1.2 is answered in TLS 1.1: the answer says what is spoken', async () => {
    expect(await ask(port, 'TLSv1.2', ids(['TLS_RSA_WITH_AES_128_CBC_SHA']))).toMatchObject({
      kind: 'server-hello',
      serverHello: { version: 'TLSv1.1' },
    });
  });

  it('a suite that it does not have, and SSL 2.0, are refused', async () => {
    expect(await ask(port, 'TLSv1', ids(['TLS_RSA_WITH_IDEA_CBC_SHA']))).toMatchObject({
      kind: 'alert',
      alert: 40,
    });
    expect((await exchangeSsl2({ host: '127.0.0.1', port })).kind).not.toBe('ssl2-server-hello');
  });
});

describe.skipIf(!peer('gnutls-serv'))('with gnutls-serv', () => {
  it('RC4 is found where it is switched on', async () => {
    const port = await servers.other((at) => [
      ...[
        'gnutls-serv',
        '--quiet',
        '--port',
        String(at),
        '--x509certfile',
        'server-rsa.crt',
        '--x509keyfile',
        'server-rsa.key',
      ],
      ...['--priority', 'NORMAL:+ARCFOUR-128:+VERS-TLS1.0:+RSA:%COMPAT'],
    ]);

    expect(await ask(port, 'TLSv1', ids(['TLS_RSA_WITH_RC4_128_SHA']))).toMatchObject({
      kind: 'server-hello',
      serverHello: { version: 'TLSv1', cipherSuite: 0x0005 },
      flight: { ended: { kind: 'complete' } },
    });
    expect(await ask(port, 'TLSv1', ids(['TLS_RSA_WITH_DES_CBC_SHA']))).toMatchObject({
      kind: 'alert',
      alert: 40,
    });
  });
});
