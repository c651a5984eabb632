import type { Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { exchange } from '../../src/tls/exchange.js';
import { exchangeSsl2 } from '../../src/tls/exchange-ssl2.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { handshakeMessage } from '../../src/tls/handshake.js';
import { record, records } from '../../src/tls/record.js';
import { request } from '../../src/tls/request.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { TIMED } from '../timed.js';
import { answering, FaultyServers, greeting, repeating } from './faulty-server.js';
import { labCertificates } from './lab-certificates.js';
import { LabServers } from './lab-servers.js';

const servers = new FaultyServers();
afterAll(() => servers.close());

const TIMEOUT_MS = 600;
const HANDSHAKE = 22;
const zeros = (length: number): Uint8Array => new Uint8Array(length);

/** A ServerHello of TLS 1.2 for TLS_RSA_WITH_AES_128_CBC_SHA. */
const SERVER_HELLO = handshakeMessage(
  2,
  Buffer.concat([Buffer.from([3, 3]), zeros(32), Buffer.from([0, 0, 0x2f, 0])]),
);
const HELLO_RECORD = record(HANDSHAKE, 0x0303, SERVER_HELLO);

async function timed<T extends { kind: string }>(
  work: Promise<T>,
): Promise<{ outcome: T; elapsedMs: number }> {
  const startedAt = performance.now();
  const outcome = await work;
  return { outcome, elapsedMs: performance.now() - startedAt };
}

const exchanged = (port: number): ReturnType<typeof exchange> =>
  exchange({ host: '127.0.0.1', port }, fullOffer('localhost'), { limits: { timeoutMs: TIMEOUT_MS } });

describe('every server that does not speak TLS ends in its own outcome, at once', () => {
  it.each([
    ['http', answering('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')],
    ['http', answering('<html><body>no</body></html>')],
    ['ssh', greeting('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n')],
    ['smtp', greeting('220 mail.test ESMTP Postfix\r\n')],
    ['ftp', greeting('220 (vsFTPd 3.0.3)\r\n')],
    ['pop3', greeting('+OK POP3 ready\r\n')],
    ['imap', greeting('* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n')],
    ['mysql', greeting(Buffer.from('4a0000000a382e302e3336', 'hex'))],
    ['postgresql', answering(Buffer.from('450000008c53464154414c00', 'hex'))],
    ['redis', answering('-ERR unknown command\r\n')],
    ['http2', greeting(Buffer.from('00001204000000000000030000008000', 'hex'))],
    [null, greeting(Buffer.from('deadbeefcafef00d', 'hex'))],
    [null, answering(Buffer.concat([Buffer.from([22, 3, 3, 255, 255]), zeros(65_535)]))],
    [null, answering(Buffer.from([22, 2, 0, 0, 4]))],
  ])('%s', TIMED, async (protocol, behave) => {
    const port = await servers.listen(behave);

    const { outcome, elapsedMs } = await timed(exchanged(port));

    expect(outcome).toMatchObject({ kind: 'not-tls', protocol });
    expect(elapsedMs).toBeLessThan(TIMEOUT_MS / 2);
  });

  it('told by a single octet, where nothing more comes', async () => {
    const closing = await servers.listen((socket) => socket.end('S'));
    const waiting = await servers.listen(greeting('S'));

    expect(await exchanged(closing)).toMatchObject({ kind: 'not-tls', protocol: null });
    expect(await exchanged(waiting)).toMatchObject({ kind: 'not-tls', protocol: null });
  });
});

describe('every server that breaks off ends in its own outcome', () => {
  it.each([
    ['closes on accept', 'eof', (socket: Socket) => socket.end()],
    ['resets on accept', 'reset', (socket: Socket) => socket.resetAndDestroy()],
    [
      'resets after the hello',
      'reset',
      (socket: Socket) => socket.once('data', () => socket.resetAndDestroy()),
    ],
    ['closes after the hello', 'eof', (socket: Socket) => socket.once('data', () => socket.end())],
    [
      'closes inside a record',
      'eof',
      (socket: Socket) => socket.once('data', () => socket.end(HELLO_RECORD.slice(0, 20))),
    ],
    ['says nothing', 'timeout', () => {}],
    ['stops inside a record', 'timeout', answering(HELLO_RECORD.slice(0, 20))],
    ['drips one octet after the other', 'timeout', drip(HELLO_RECORD)],
  ])('one that %s: %s', TIMED, async (_does, kind, behave) => {
    const port = await servers.listen(behave);

    const { outcome, elapsedMs } = await timed(exchanged(port));

    expect(outcome).toMatchObject({ kind });
    expect(elapsedMs).toBeLessThan(TIMEOUT_MS + 200);
  });

  it.each([
    ['refused', freePort],
    ['name-not-found', null],
  ])('%s', async (why, port) => {
    const target = port ? { host: '127.0.0.1', port: await port() } : { host: 'a..b', port: 443 };

    expect(await exchange(target, fullOffer(null))).toMatchObject({ kind: 'unreachable', why });
  });

  it.skipIf(!peer('python3'))(
    'a port that takes no SYN runs into the deadline of the TCP handshake',
    TIMED,
    async () => {
      const lab = labCertificates();
      const full = new LabServers(lab);
      const listening =
        'import socket,sys,time;s=socket.socket();s.bind(("127.0.0.1",int(sys.argv[1])));s.listen(0);time.sleep(60)';
      const port = await full.other((at) => ['/usr/bin/python3', '-c', listening, String(at)]);
      const target = { host: '127.0.0.1', port };

      const outcomes = await Promise.all(
        [0, 1, 2, 3].map(() =>
          timed(exchange(target, fullOffer(null), { limits: { connectTimeoutMs: 400, timeoutMs: 900 } })),
        ),
      );
      full.close();
      lab.close();

      const last = outcomes.find(({ outcome }) => outcome.kind === 'unreachable');
      expect(last?.outcome).toEqual({ kind: 'unreachable', why: 'connect-timeout', code: null });
      expect(last?.elapsedMs).toBeLessThan(600);
    },
  );
});

describe('every server that speaks TLS wrongly or without end is cut off', () => {
  const serverHelloDone = handshakeMessage(14, zeros(0));
  it.each([
    [
      'a handshake that is no ServerHello, without end',
      repeating(record(HANDSHAKE, 0x0303, handshakeMessage(11, zeros(2_000)))),
    ],
    ['warnings without end', repeating(Buffer.from([21, 3, 3, 0, 2, 1, 112]))],
    ['empty records without end', repeating(Buffer.from([22, 3, 3, 0, 0]))],
    ['a message of 16 MiB', answering(Buffer.from([22, 3, 3, 0, 4, 2, 255, 255, 255]))],
    ['a message that is one octet too long for us', answering(Buffer.from([22, 3, 3, 0, 4, 2, 4, 0, 1]))],
    ['application data', answering(Buffer.from([23, 3, 3, 0, 1, 0]))],
    ['a change of cipher', answering(Buffer.from([20, 3, 3, 0, 1, 1]))],
    ['ServerHelloDone first', answering(record(HANDSHAKE, 0x0303, serverHelloDone))],
    ['a ServerHello cut short', answering(record(HANDSHAKE, 0x0303, handshakeMessage(2, zeros(20))))],
    [
      'a ServerHello of version 9',
      answering(
        record(HANDSHAKE, 0x0303, handshakeMessage(2, Buffer.concat([Buffer.from([9, 9]), zeros(40)]))),
      ),
    ],
    [
      'a ServerHello with octets left over',
      answering(
        record(
          HANDSHAKE,
          0x0303,
          handshakeMessage(2, Buffer.concat([SERVER_HELLO.subarray(4), Buffer.from([0, 0, 1])])),
        ),
      ),
    ],
  ])('%s', async (_what, behave) => {
    const port = await servers.listen(behave);

    const { outcome, elapsedMs } = await timed(exchanged(port));

    expect(outcome).toMatchObject({ kind: 'malformed' });
    expect(elapsedMs).toBeLessThan(TIMEOUT_MS);
  });

  it.each([
    [
      'more than 64 records',
      'too many records',
      records(HANDSHAKE, 0x0303, handshakeMessage(11, zeros(900)), 10),
    ],
    [
      'a Certificate that lies about its length',
      'Certificate ends',
      record(HANDSHAKE, 0x0303, handshakeMessage(11, Buffer.from([0, 1, 0, 0]))),
    ],
    [
      'a message that has no place there',
      'type 77',
      record(HANDSHAKE, 0x0303, handshakeMessage(77, zeros(3))),
    ],
    [
      'a record inside a message',
      'inside a handshake message',
      Buffer.from([22, 3, 3, 0, 2, 11, 0, 21, 3, 3, 0, 2, 2, 40]),
    ],
  ])('after its ServerHello %s', async (_what, why, bytes) => {
    const port = await servers.listen(answering(Buffer.concat([HELLO_RECORD, bytes])));

    const outcome = await exchanged(port);

    expect(outcome).toMatchObject({
      kind: 'server-hello',
      serverHello: { version: 'TLSv1.2', cipherSuite: 0x002f },
      flight: { ended: { kind: 'malformed', why: expect.stringContaining(why) } },
    });
  });

  it.each([
    ['alert', { kind: 'alert', level: 2, alert: 40 }, Buffer.from([21, 3, 3, 0, 2, 2, 40])],
    ['close_notify', { kind: 'eof', closeNotify: true }, Buffer.from([21, 3, 3, 0, 2, 1, 0])],
  ])('the ServerHello stays told where an %s follows it', async (_what, ended, bytes) => {
    const port = await servers.listen(answering(Buffer.concat([HELLO_RECORD, bytes])));

    expect(await exchanged(port)).toMatchObject({ kind: 'server-hello', flight: { ended } });
  });

  it('a warning before the ServerHello is told and passed over', async () => {
    const port = await servers.listen(
      answering(Buffer.concat([Buffer.from([21, 3, 3, 0, 2, 1, 112]), HELLO_RECORD])),
    );

    const outcome = await exchange({ host: '127.0.0.1', port }, fullOffer(null), { until: 'server-hello' });

    expect(outcome).toMatchObject({
      kind: 'server-hello',
      warnings: [112],
      flight: { ended: { kind: 'not-read' } },
    });
  });

  it('the limit on octets holds', async () => {
    const certificate = records(HANDSHAKE, 0x0303, handshakeMessage(11, zeros(200_000)));
    const port = await servers.listen(answering(Buffer.concat([HELLO_RECORD, certificate])));

    const outcome = await exchange({ host: '127.0.0.1', port }, fullOffer(null), {
      limits: { maxBytes: 100_000 },
    });

    expect(outcome).toMatchObject({
      flight: { ended: { kind: 'malformed', why: 'more than 100000 octets' } },
    });
  });
});

describe('a request through node:tls to such servers', () => {
  it.each([
    ['tls-error', answering('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['tls-error', greeting(Buffer.from('deadbeefcafef00d', 'hex'))],
    ['eof', (socket: Socket) => socket.once('data', () => socket.end())],
    ['reset', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
    ['timeout', () => {}],
    ['timeout', drip(HELLO_RECORD)],
    ['tls-error', repeating(record(HANDSHAKE, 0x0303, handshakeMessage(11, zeros(2_000))))],
  ])('%s', TIMED, async (kind, behave) => {
    const port = await servers.listen(behave);

    const startedAt = performance.now();
    const outcome = await request({
      target: { host: '127.0.0.1', port },
      servername: null,
      version: 'TLSv1.2',
      request: Buffer.from('GET / HTTP/1.1\r\n\r\n'),
      timeoutMs: TIMEOUT_MS,
    });

    expect(outcome).toMatchObject({ handshake: 'failed', http: null, ended: { kind } });
    expect(performance.now() - startedAt).toBeLessThan(TIMEOUT_MS + 200);
  });
});

describe('a hello of SSL 2.0', () => {
  const certificate = Buffer.from('3003020101', 'hex');
  const hello = Buffer.concat([
    Buffer.from([4, 0, 1, 0, 2, 0, certificate.length, 0, 6, 0, 16]),
    certificate,
    Buffer.from('010080' + '0700c0', 'hex'),
    zeros(16),
  ]);
  const framed = (body: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([0x80 | (body.length >> 8), body.length & 0xff]), body]);

  it('is answered by a server that speaks it', async () => {
    let received: Uint8Array = Buffer.alloc(0);
    const port = await servers.listen((socket) =>
      socket.once('data', (chunk: Buffer) => {
        received = chunk;
        socket.write(framed(hello));
      }),
    );

    const outcome = await exchangeSsl2({ host: '127.0.0.1', port });

    expect(outcome).toMatchObject({
      kind: 'ssl2-server-hello',
      serverHello: { cipherKinds: [0x010080, 0x0700c0] },
    });
    expect(
      outcome.kind === 'ssl2-server-hello' && Buffer.from(outcome.serverHello.certificate ?? []),
    ).toEqual(certificate);
    expect(Buffer.from(received.subarray(2, 5))).toEqual(Buffer.from([1, 0, 2]));
    expect(received.length).toBe((Buffer.from(received).readUInt16BE(0) & 0x7fff) + 2);
  });

  it.each([
    ['alert', answering(Buffer.from([21, 3, 1, 0, 2, 2, 70]))],
    ['eof', (socket: Socket) => socket.once('data', () => socket.end())],
    ['timeout', () => {}],
    ['malformed', answering(framed(Buffer.from([0, 0, 1])))],
    ['malformed', answering(framed(hello.subarray(0, 20)))],
    ['malformed', answering(HELLO_RECORD)],
    ['not-tls', answering('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['timeout', answering(Buffer.from([0xff, 0xff, 4]))],
  ])('ends in %s with a server that does not', async (kind, behave) => {
    const port = await servers.listen(behave);

    expect(
      await exchangeSsl2({ host: '127.0.0.1', port }, { limits: { timeoutMs: TIMEOUT_MS } }),
    ).toMatchObject({ kind });
  });
});

/** One octet every 20 ms: never an idle second, and never done. */
function drip(bytes: Uint8Array): (socket: Socket) => void {
  return (socket) => {
    let offset = 0;
    socket.resume();
    const timer = setInterval(() => {
      socket.write(bytes.slice(offset, offset + 1));
      offset += 1;
    }, 20);
    socket.on('close', () => clearInterval(timer));
  };
}
