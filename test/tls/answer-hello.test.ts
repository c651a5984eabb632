import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { answerHello, type HelloOutcome, type HelloScript } from '../../src/tls/answer-hello.js';
import { cipherSuiteNamed, cipherSuitesOf } from '../../src/tls/cipher-suite.js';
import { exchange, type ServerHelloOutcome } from '../../src/tls/exchange.js';
import { exchangeSsl2 } from '../../src/tls/exchange-ssl2.js';
import { isSignedBy } from '../../src/tls/server-signature.js';
import type { TlsVersion } from '../../src/tls/version.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { peer } from '../peers/peer.js';
import { FaultyServers } from './faulty-server.js';
import { type LabCertificates, labCertificates } from './lab-certificates.js';
import { seeded } from './seeded.js';

const servers = new FaultyServers();
const outcomes: Promise<HelloOutcome>[] = [];
let lab: LabCertificates;
beforeAll(() => {
  lab = labCertificates();
  lab.issue('server', { keyType: 'rsa' });
});
afterEach(() => {
  outcomes.length = 0;
});
afterAll(() => {
  servers.close();
  lab.close();
});

const named = (...names: string[]): number[] => names.map((name) => cipherSuiteNamed(name)!.id);

/** Starts a server of that script; gives its port. */
function start(script: Partial<HelloScript>, timeoutMs = 5_000): Promise<number> {
  const whole: HelloScript = {
    version: 'TLSv1.2',
    cipherSuites: named('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'),
    chain: [lab.der('server')],
    privateKey: lab.pem('server.key'),
    ...script,
  };
  return servers.listen((socket) => outcomes.push(answerHello(socket, whole, timeoutMs)));
}

async function helloOf(
  port: number,
  version: TlsVersion,
  suites: readonly number[],
): Promise<ServerHelloOutcome> {
  const offer = { versions: [version], cipherSuites: suites, serverName: 'localhost' };
  const outcome = await exchange({ host: '127.0.0.1', port }, offer);
  if (outcome.kind !== 'server-hello') throw new Error(`${outcome.kind} in place of a ServerHello`);
  return outcome;
}

describe('a server as far as the hello', () => {
  it.each<[TlsVersion, string, string]>([
    ['SSLv3', 'TLS_RSA_WITH_AES_128_CBC_SHA', 'nothing'],
    ['SSLv3', 'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA', 'named-curve'],
    ['TLSv1', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5', 'rsa of 512'],
    ['TLSv1', 'TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA', 'dh of 512'],
    ['TLSv1.1', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA', 'nothing'],
    ['TLSv1.2', 'TLS_RSA_WITH_RC4_128_SHA', 'nothing'],
    ['TLSv1.2', 'TLS_ECDHE_RSA_WITH_RC4_128_SHA', 'named-curve'],
    ['TLSv1.2', 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', 'dh of 512'],
  ])('%s, %s: the flight is whole, and signed where it is to be', async (version, suite, exchanged) => {
    const cipherSuites = named(suite);
    const port = await start({ version: version as HelloScript['version'], cipherSuites });

    const { serverHello, flight } = await helloOf(port, version, cipherSuitesOf('TLSv1.2'));

    expect(serverHello).toMatchObject({ version, cipherSuite: cipherSuites[0] });
    expect(flight).toMatchObject({
      ended: { kind: 'complete' },
      certificate: { chain: [lab.der('server')] },
    });
    expect(inWords(flight.serverKeyExchange)).toBe(exchanged);
    const key = parseCertificate(lab.der('server')).subjectPublicKeyInfo;
    expect(flight.signed && isSignedBy(key, flight.signed)).toBe(exchanged === 'nothing' ? null : true);
    expect((await outcomes[0])!.kind).toMatch(/^(eof|reset)$/);
  });

  it('takes the first of its suites that is offered, and refuses where none is', async () => {
    const cipherSuites = named('TLS_RSA_WITH_RC4_128_SHA', 'TLS_RSA_WITH_RC4_128_MD5');
    const port = await start({ cipherSuites });

    const taken = await helloOf(port, 'TLSv1.2', [...cipherSuites].reverse());
    const offer = { versions: ['TLSv1.2' as const], cipherSuites: [0x1301], serverName: null };
    const refused = await exchange({ host: '127.0.0.1', port }, offer);

    expect(taken.serverHello.cipherSuite).toBe(cipherSuites[0]);
    expect(refused).toMatchObject({ kind: 'alert', alert: 40 });
    expect(await outcomes[1]).toEqual({ kind: 'not-offered' });
  });

  it('chooses what was not offered, marks a downgrade, sends a key that nobody asked for', async () => {
    const suites = named('TLS_RSA_WITH_AES_128_GCM_SHA256', 'TLS_RSA_WITH_AES_256_GCM_SHA384');
    const unoffered = await start({ cipherSuites: suites, takesUnoffered: true });
    const downgraded = await start({ downgraded: true });
    const freak = await start({ cipherSuites: suites, shortRsaKey: true });
    const all = cipherSuitesOf('TLSv1.2');

    expect((await helloOf(unoffered, 'TLSv1.2', suites.slice(0, 1))).serverHello.cipherSuite).toBe(suites[1]);
    expect((await helloOf(downgraded, 'TLSv1.2', all)).serverHello.downgradeSentinel).toBe('TLSv1.2');
    const { flight } = await helloOf(freak, 'TLSv1.2', all);
    expect(inWords(flight.serverKeyExchange)).toBe('rsa of 512');
  });

  it('answers SSL 2.0, and nothing else, where that is what it speaks', async () => {
    const port = await start({ version: 'SSLv2', cipherSuites: [0x010080, 0x0700c0] });
    const newer = await start({});

    expect(await exchangeSsl2({ host: '127.0.0.1', port })).toMatchObject({
      kind: 'ssl2-server-hello',
      serverHello: { certificate: lab.der('server'), cipherKinds: [0x010080, 0x0700c0] },
    });
    expect((await exchangeSsl2({ host: '127.0.0.1', port: newer })).kind).toBe('alert');
    expect(await outcomes[1]).toEqual({ kind: 'not-offered' });
  });
});

describe.skipIf(!peer('openssl'))('a client', () => {
  it.each([
    ['goes along', [], 'went-along'],
    ['refuses by an alert', ['-verify_return_error', '-verify_hostname', 'elsewhere.test'], 'alert'],
  ])('that %s is seen to', async (_what, args, kind) => {
    const port = await start({});

    const words = ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', lab.path('ca.crt'), ...args];
    await once(spawn('openssl', words, { stdio: 'ignore' }), 'exit');

    expect((await outcomes[0])!.kind).toBe(kind);
  });
});

describe('whatever a client sends', () => {
  const send = async (port: number, octets: Uint8Array): Promise<void> => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(octets);
    socket.resume();
    await new Promise((done) => socket.once('close', done));
  };

  it('ends in an outcome, in time', async () => {
    const port = await start({}, 300);
    const { below, bytes, mutated } = seeded(7);
    const hello = Buffer.from(`16030100${HELLO.length.toString(16)}${HELLO.toString('hex')}`, 'hex');
    const inputs = Array.from({ length: 90 }, (_, count) => {
      if (count % 3 === 0) return mutated(hello);
      const head =
        count % 3 === 1 ? Buffer.of(0x16, 3, 1, 0, below(256)) : Buffer.of(0x80 | below(128), 40, 1);
      return Buffer.concat([head, bytes(1 + below(200))]);
    });

    await Promise.all(inputs.map((input) => send(port, input)));

    const kinds = (await Promise.all(outcomes)).map(({ kind }) => kind);
    expect(kinds).toHaveLength(inputs.length);
    expect(kinds).not.toContain('went-along');
  });

  it('is read no further than is worth it', async () => {
    const port = await start({});

    await send(port, Buffer.concat([Buffer.from('160301ffff', 'hex'), Buffer.alloc(200_000)]));

    expect((await outcomes[0])!.kind).toBe('not-tls');
  });
});

/** A ClientHello of TLS 1.2 with one suite and no extension. */
const HELLO = Buffer.from(`010000290303${'07'.repeat(32)}000002c02f0100`, 'hex');

function inWords(exchanged: ServerHelloOutcome['flight']['serverKeyExchange']): string {
  if (exchanged === null) return 'nothing';
  if (exchanged.kind === 'dh') return `dh of ${exchanged.primeBits}`;
  return exchanged.kind === 'rsa' ? `rsa of ${exchanged.modulusBits}` : exchanged.kind;
}
