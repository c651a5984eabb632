import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../../src/probe/connections.js';
import { startScan } from '../../src/probe/scan/run-scan.js';
import { Seen } from '../../src/probe/scan/seen.js';
import type { ServerHelloOutcome } from '../../src/tls/exchange.js';
import { unreadFlight } from '../../src/tls/server-flight.js';
import { delayProxy } from '../bench/servers/delay-proxy.js';
import { peer } from '../peers/peer.js';
import { type LabCertificates, labCertificates } from '../tls/lab-certificates.js';
import { LabServers } from '../tls/lab-servers.js';

let lab: LabCertificates;
let servers: LabServers;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('rsa', { keyType: 'rsa' });
  lab.issue('ec');
  servers = new LabServers(lab);
});
afterAll(() => {
  servers?.close();
  lab?.close();
});

/** All that a report lists, in the order that it has. */
const listsOf = async (port: number, gentle = false) => {
  const connections = new Connections({ host: '127.0.0.1', port }, gentle ? 2 : 32, 5000);
  const request = Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const { finish } = await startScan(connections, { servername: 'localhost', request, gentle });
  const { cipherSuites, groups, signatureSchemes, dhParameters, chains } = await finish();
  return {
    cipherSuites: [...cipherSuites],
    groups: [...groups],
    signatureSchemes: [...signatureSchemes],
    dhParameters: dhParameters.map(({ prime, ...rest }) => ({ ...rest, prime: Buffer.from(prime) })),
    chains: chains.map(({ asked, chain }) => [asked, Buffer.from(chain[0]!)]),
  };
};

describe.runIf(peer('nginx'))('the same server', () => {
  it.each([
    ['that goes by its own order', 'on'],
    ['that goes by its clients’', 'off'],
  ])('%s is told in the same words near, afar and gently', async (_who, preference) => {
    const port = await servers.nginx(
      `${['rsa', 'ec'].map((name) => `ssl_certificate ${lab.path(`${name}.crt`)}; ssl_certificate_key ${lab.path(`${name}.key`)};`).join(' ')}
ssl_protocols TLSv1.1 TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers ${preference}; ssl_ciphers DEFAULT:@SECLEVEL=0;`,
    );
    const proxy = await delayProxy(port, 25);

    const [near, afar, gently] = [await listsOf(port), await listsOf(proxy.port), await listsOf(port, true)];
    proxy.close();

    expect(afar).toEqual(near);
    expect(gently).toEqual(near);
  });
});

describe('what every answer brings along', () => {
  const chainOf = (name: string) => ({
    chain: [Buffer.from(name)],
    ocspResponse: null,
    signedCertificateTimestamps: [],
  });
  const answer = (serverHello: object, flight: object) =>
    ({
      kind: 'server-hello',
      serverHello: { keyShare: null, ...serverHello },
      flight: { ...unreadFlight(), ...flight },
    }) as unknown as ServerHelloOutcome;
  const [ecdsa, rsa] = [0xc02b, 0xc02f].map((cipherSuite) => ({ version: 'TLSv1.2', cipherSuite }));
  const dhe = (version: string, cipherSuite: number, primeBits: number) =>
    answer(
      { version, cipherSuite },
      {
        serverKeyExchange: {
          kind: 'dh',
          primeBits,
          prime: Buffer.alloc(primeBits / 8, 7),
          generator: Buffer.of(2),
        },
      },
    );
  const named = { versions: ['TLSv1.2'], cipherSuites: [], serverName: 'api.test' } as const;
  const nameless = { ...named, serverName: null };

  it('is the same whatever came first', () => {
    const answers = [
      dhe('TLSv1.2', 0x9e, 2048),
      dhe('TLSv1.2', 0x33, 2048),
      dhe('TLSv1', 0x32, 2048),
      dhe('TLSv1', 0x14, 512),
    ];
    const [seen, backwards] = [answers, [...answers].reverse()].map((list) => {
      const one = new Seen('api.test');
      for (const outcome of list) one.take(outcome, named);
      return one.dhParameters.map(({ primeBits, version, cipherSuite }) => [primeBits, version, cipherSuite]);
    });

    expect(seen).toEqual([
      [512, 'TLSv1', 0x14],
      [2048, 'TLSv1.2', 0x33],
    ]);
    expect(backwards).toEqual(seen);
  });

  it('is a chain for the name, though it was shown without one before', () => {
    const seen = new Seen('api.test');
    seen.take(answer(ecdsa!, { certificate: chainOf('ecdsa') }), named);
    seen.take(answer(rsa!, { certificate: chainOf('stranger') }), nameless);
    seen.take(answer(rsa!, { certificate: chainOf('rsa') }), nameless);
    seen.take(answer(rsa!, { certificate: chainOf('rsa') }), named);

    expect(seen.chains.map(({ asked, chain }) => [asked, String(chain[0])])).toEqual([
      ['by-name', 'ecdsa'],
      ['for-rsa', 'rsa'],
      ['without-name', 'stranger'],
    ]);
  });
});
