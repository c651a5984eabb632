import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Connections } from '../../src/probe/connections.js';
import { lookForFaults } from '../../src/probe/scan/faults.js';
import type { ScanContext } from '../../src/probe/scan/scan-context.js';
import type { TlsVersion } from '../../src/tls/version.js';
import { peer } from '../peers/peer.js';
import { TIMED } from '../timed.js';
import {
  changeCipherSpecServer,
  heartbeatServer,
  rsaServer,
  ticketbleedProxy,
} from '../tls/faulty-implementations.js';
import { FaultyServers } from '../tls/faulty-server.js';
import { type LabCertificates, labCertificates } from '../tls/lab-certificates.js';
import { LabServers } from '../tls/lab-servers.js';

const faulty = new FaultyServers();
let lab: LabCertificates;
let servers: LabServers;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server');
  lab.issue('server-rsa', { keyType: 'rsa' });
  servers = new LabServers(lab);
});
afterAll(() => {
  faulty.close();
  servers.close();
  lab.close();
});

/** What is known of a server that has one suite of each version. */
function known(spoken: readonly TlsVersion[], suite = 0xc02f): ScanContext {
  const suites = new Map(spoken.map((version) => [version, version === 'TLSv1.3' ? [0x1301] : [suite]]));
  return {
    servername: 'localhost',
    spoken,
    suites,
    groups: [0x1d, 0x17],
    request: Buffer.from('GET / HTTP/1.0\r\n\r\n'),
  };
}

async function found(port: number, context: ScanContext, timeoutMs = 4_000) {
  const connections = new Connections({ host: '127.0.0.1', port }, 32, timeoutMs);
  const startedAt = performance.now();
  const findings = await lookForFaults(connections, context);
  return { findings, connections: connections.count, tookMs: performance.now() - startedAt };
}

const vulnerable = (words: string) => ({
  value: { vulnerable: true, evidence: expect.stringContaining(words) },
  why: null,
});
const sound = (words: string) => ({
  value: { vulnerable: false, evidence: expect.stringContaining(words) },
  why: null,
});

describe('a fault is found by its name, with what it was seen by', () => {
  it('Heartbleed', async () => {
    const port = await faulty.listen(heartbeatServer('over-read'));

    expect((await found(port, known(['TLSv1.2']), 1_000)).findings.heartbleed).toEqual(
      vulnerable('64 octets of memory'),
    );
  });

  it('CCS injection', async () => {
    const port = await faulty.listen(changeCipherSpecServer('takes-it'));

    expect((await found(port, known(['TLSv1.2']), 1_000)).findings.ccsInjection).toEqual(
      vulnerable('takes a ChangeCipherSpec before any key'),
    );
  });

  it.skipIf(!peer('openssl'))('Ticketbleed, beside which nothing else is wrong', async () => {
    const upstream = await servers.openssl('-cert', 'server.crt', '-key', 'server.key', '-tls1_2');
    const port = await faulty.listen(ticketbleedProxy(upstream));

    expect((await found(port, known(['TLSv1.2'], 0xc02b))).findings).toEqual({
      heartbleed: sound('does not agree to heartbeats'),
      ccsInjection: sound('unexpected_message'),
      ticketbleed: vulnerable('16 more out of its memory'),
      robot: sound('no RSA key exchange'),
    });
  });

  it('ROBOT, though no suite with RSA key exchange is known yet', async () => {
    const port = await faulty.listen(rsaServer('strong', lab.der('server-rsa'), lab.pem('server-rsa.key')));

    expect((await found(port, known(['TLSv1.2']), 2_000)).findings.robot).toEqual(
      vulnerable('a strong oracle'),
    );
  });
});

const ALL_SOUND = {
  heartbleed: sound('does not agree to heartbeats'),
  ccsInjection: sound('unexpected_message'),
  ticketbleed: sound('repeats the session id as it was'),
  robot: sound(''),
};

describe('nothing is found on a good server', () => {
  it.skipIf(!peer('nginx'))('nginx, at once and with five connections', TIMED, async () => {
    const port = await servers.nginx(
      `ssl_certificate ${lab.path('server.crt')}; ssl_certificate_key ${lab.path('server.key')};`,
    );
    const { findings, connections, tookMs } = await found(port, known(['TLSv1.3', 'TLSv1.2'], 0xc02b));

    expect(findings).toEqual(ALL_SOUND);
    expect(connections).toBe(5);
    expect(tookMs).toBeLessThan(1_000);
  });

  it.skipIf(!peer('openssl'))('OpenSSL with all its suites and versions', async () => {
    const port = await servers.openssl(
      ...['-cert', 'server-rsa.crt', '-key', 'server-rsa.key', '-cipher', 'ALL:@SECLEVEL=0'],
    );
    const { findings, connections } = await found(port, known(['TLSv1.2', 'TLSv1.1', 'TLSv1']));

    expect(findings).toEqual({ ...ALL_SOUND, robot: sound('right and wrong padding are both answered') });
    expect(connections).toBe(15);
  });

  it.skipIf(!peer('openssl'))('OpenSSL in TLS 1.0 alone, and without tickets', async () => {
    const port = await servers.openssl(
      ...['-cert', 'server-rsa.crt', '-key', 'server-rsa.key', '-cipher', 'ALL:@SECLEVEL=0'],
      ...['-no_tls1_1', '-no_tls1_2', '-no_tls1_3', '-no_ticket'],
    );

    expect((await found(port, known(['TLSv1'], 0xc013))).findings).toEqual({
      ...ALL_SOUND,
      ticketbleed: sound('gives no tickets'),
    });
  });

  it.skipIf(!peer('gnutls-serv'))('GnuTLS', async () => {
    const keys = ['--x509certfile', 'server.crt', '--x509keyfile', 'server.key'];
    const port = await servers.other((at) => [
      'gnutls-serv',
      '--quiet',
      '--http',
      '--port',
      String(at),
      ...keys,
    ]);

    expect((await found(port, known(['TLSv1.3', 'TLSv1.2'], 0xc02b))).findings).toEqual(ALL_SOUND);
  });
});

describe.skipIf(!peer('haproxy'))('behind a client certificate that HAProxy demands', () => {
  const haproxy = (name: string, options: string) => {
    writeFileSync(lab.path(`${name}.pem`), lab.pem(`${name}.crt`) + lab.pem(`${name}.key`));
    return servers.haproxy(
      `ssl crt ${lab.path(`${name}.pem`)} ca-file ${lab.path('ca.crt')} verify required ${options}`,
    );
  };

  it('all that shows in clear is found; that a ticket is needed for the rest is said', async () => {
    const { findings } = await found(await haproxy('server', ''), known(['TLSv1.2'], 0xc02b));

    expect(findings).toEqual({
      ...ALL_SOUND,
      ticketbleed: {
        value: null,
        why: 'the handshake ends by the alert handshake_failure: perhaps a client certificate is demanded',
      },
    });
  });

  it('a server that gives no tickets has no Ticketbleed, certificate or not', async () => {
    const { findings } = await found(await haproxy('server', 'no-tls-tickets'), known(['TLSv1.2'], 0xc02b));

    expect(findings.ticketbleed).toEqual(sound('gives no tickets'));
  });

  it('an oracle of RSA padding is out of reach', async () => {
    const port = await haproxy('server-rsa', 'ciphers ALL:@SECLEVEL=0');

    expect((await found(port, known(['TLSv1.2']))).findings.robot).toEqual({
      value: null,
      why: 'the server demands a client certificate before the key exchange',
    });
  });
});

describe('without a connection', () => {
  it('TLS 1.3 alone has none of these faults', async () => {
    const { findings, connections } = await found(1, known(['TLSv1.3']));

    expect(Object.values(findings)).toEqual(Array(4).fill(sound('are not spoken')));
    expect(connections).toBe(0);
  });

  it('nothing is told of a server of which nothing is known', async () => {
    const { findings } = await found(1, known([]));

    expect(Object.values(findings)).toEqual(
      Array(4).fill({ value: null, why: 'no version of TLS is known to be spoken' }),
    );
  });

  it('nothing is told of a server that has gone away', async () => {
    const { findings } = await found(1, known(['TLSv1.2']));

    expect(Object.values(findings)).toEqual(Array(4).fill({ value: null, why: 'no connection came about' }));
  });
});
