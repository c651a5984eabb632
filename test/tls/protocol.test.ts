import { afterAll, describe, expect, it } from 'vitest';
import { exchange, type HandshakeOutcome } from '../../src/tls/exchange.js';
import { EXTENSION_TYPE, extensionList } from '../../src/tls/extension.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { handshakeMessage } from '../../src/tls/handshake.js';
import { record } from '../../src/tls/record.js';
import { readServerHello } from '../../src/tls/server-hello.js';
import { concat, uint8, uint16, vector8 } from '../../src/tls/vector.js';
import { FaultyServers } from './faulty-server.js';
import { type Script12, tls12Server } from './faulty-tls12.js';
import { type Script13, tls13Server } from './faulty-tls13.js';

const servers = new FaultyServers();
afterAll(() => servers.close());

const ENCRYPTED_EXTENSIONS = handshakeMessage(8, Uint8Array.of(0, 0));
const TICKET = handshakeMessage(4, Buffer.from('00001c200102030402000000' + '04aabbccdd0000', 'hex'));
const TEXT = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n');
const CLIENT = {
  credential: null,
  applicationData: TEXT,
  isWhole: (received: Uint8Array) => received.length >= TEXT.length,
};

async function thirteen(script: Partial<Script13>): Promise<HandshakeOutcome> {
  const port = await servers.listen(tls13Server(() => ({ flight: [ENCRYPTED_EXTENSIONS], ...script })));
  return exchange({ host: '127.0.0.1', port }, fullOffer(null, ['TLSv1.3']), {
    limits: { timeoutMs: 1_000 },
    client: CLIENT,
  });
}

async function twelve(script: Script12): Promise<HandshakeOutcome> {
  const port = await servers.listen(tls12Server(script));
  return exchange({ host: '127.0.0.1', port }, fullOffer(null, ['TLSv1.2']), {
    limits: { timeoutMs: 1_000 },
    client: CLIENT,
  });
}

const flightEnded = (why: string) => ({
  flight: { ended: { kind: 'malformed', why: expect.stringContaining(why) } },
  afterwards: null,
});
const endedAfterwards = (why: string) => ({
  afterwards: { ended: { kind: 'malformed', why: expect.stringContaining(why) } },
});

// First in the file: what others left would hide it.
it('nothing is left behind that would keep a process alive', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();

  await Promise.all([
    thirteen({ afterwards: [{ type: 23, content: TEXT }] }),
    thirteen({ finished: new Uint8Array(1) }),
    twelve({ afterwards: [{ type: 23, content: TEXT }] }),
  ]);

  expect(timers()).toBeLessThanOrEqual(before);
});

describe('TLS 1.3: what a server must not do', () => {
  it('a server that does nothing wrong gets through', async () => {
    const afterwards = [
      { type: 22, content: TICKET },
      { type: 23, content: TEXT },
    ];

    expect(await thirteen({ afterwards })).toMatchObject({
      flight: { finished: true },
      afterwards: {
        completed: true,
        applicationData: TEXT,
        sessionTickets: [{ lifetimeSeconds: 7200 }],
        ended: { kind: 'complete' },
      },
    });
  });

  it.each<[string, Partial<Script13>, string]>([
    ['a Finished that proves nothing', { finished: new Uint8Array(32) }, 'wrong verify_data'],
    ['a Finished of the wrong length', { finished: new Uint8Array(31) }, 'wrong verify_data'],
    [
      'a message that begins before a change of keys',
      { behindFinished: TICKET.subarray(0, 3) },
      'across a change of keys',
    ],
    [
      'a message that has no place in the flight',
      { flight: [ENCRYPTED_EXTENSIONS, TICKET] },
      'type 4 before Finished',
    ],
  ])('%s', async (_what, script, why) => {
    const outcome = await thirteen(script);

    expect(outcome).toMatchObject(why.startsWith('across') ? endedAfterwards(why) : flightEnded(why));
  });

  it.each([[new Uint8Array(32)], [new Uint8Array(31).fill(9)], [new Uint8Array()]])(
    'a share that is no point of the curve',
    async (keyExchange) => {
      expect(await thirteen({ keyExchange })).toMatchObject(flightEnded('no point of x25519'));
    },
  );

  it('records without end and content after the handshake', async () => {
    const afterwards = Array.from({ length: 1_200 }, () => ({ type: 23, content: new Uint8Array() }));

    expect(await thirteen({ afterwards })).toMatchObject(endedAfterwards('too many records'));
  });

  it('an alert ends it whatever its level, but for user_canceled', async () => {
    const alert = (description: number) => ({ type: 21, content: Uint8Array.of(1, description) });

    expect(await thirteen({ afterwards: [alert(90), alert(48)] })).toMatchObject({
      warnings: [90],
      afterwards: { ended: { kind: 'alert', level: 1, alert: 48 } },
    });
  });

  it('a key update is followed', async () => {
    const update = { type: 22, content: handshakeMessage(24, uint8(0)) };

    expect(await thirteen({ afterwards: [update, update, { type: 23, content: TEXT }] })).toMatchObject({
      afterwards: { applicationData: TEXT, ended: { kind: 'complete' } },
    });
  });

  it.each([
    ['an alert in clear', { ended: { kind: 'alert', alert: 80 } }, Buffer.from([21, 3, 3, 0, 2, 2, 80])],
    ['a handshake record in clear', { ended: { kind: 'malformed' } }, record(22, 0x0303, TICKET)],
    [
      'a record that is not authentic',
      { ended: { kind: 'malformed', why: 'record that does not decrypt' } },
      record(23, 0x0303, new Uint8Array(40)),
    ],
    [
      'a record shorter than its tag',
      { ended: { kind: 'malformed' } },
      record(23, 0x0303, new Uint8Array(9)),
    ],
  ])('%s, where encrypted records belong', async (_what, flight, bytes) => {
    let count = 0;
    const spoil = (sent: Uint8Array): Uint8Array => (++count === 2 ? bytes : sent);

    expect(await thirteen({ spoil })).toMatchObject({ kind: 'server-hello', flight });
  });
});

describe('TLS 1.2: what a server must not do', () => {
  it('a server that does nothing wrong gets through', async () => {
    expect(
      await twelve({
        afterwards: [
          { type: 22, content: handshakeMessage(0, new Uint8Array()) },
          { type: 23, content: TEXT },
        ],
      }),
    ).toMatchObject({
      afterwards: { completed: true, laterRequests: 1, applicationData: TEXT, ended: { kind: 'complete' } },
    });
  });

  it.each<[string, Script12, string]>([
    ['a Finished that proves nothing', { verifyData: new Uint8Array(12) }, 'wrong verify_data'],
    ['a Finished of the wrong length', { verifyData: new Uint8Array(11) }, 'wrong verify_data'],
    [
      'a Finished in clear',
      { instead: record(22, 0x0303, handshakeMessage(20, new Uint8Array(12))) },
      "where the server's Finished belongs",
    ],
    [
      'application data in place of Finished',
      { instead: record(23, 0x0303, TEXT) },
      "where the server's Finished belongs",
    ],
    [
      'two changes of cipher',
      { instead: Buffer.from([20, 3, 3, 0, 1, 1, 20, 3, 3, 0, 1, 1]) },
      'shorter than its nonce and tag',
    ],
    [
      'a message that has no place after Finished',
      { afterwards: [{ type: 22, content: TICKET }] },
      'type 4 after Finished',
    ],
  ])('%s', async (_what, script, why) => {
    expect(await twelve(script)).toMatchObject(endedAfterwards(why));
  });
});

describe('a ServerHello that cannot be', () => {
  const hello = (version: number, extensions: Parameters<typeof extensionList>[0]): Uint8Array =>
    concat(
      uint16(version),
      new Uint8Array(32),
      vector8(),
      uint16(0x1301),
      uint8(0),
      extensionList(extensions),
    );
  const selected = (version: number) => ({ type: EXTENSION_TYPE.supportedVersions, data: uint16(version) });

  it.each([
    ['TLS 1.3 without supported_versions', hello(0x0304, []), 'version 0x304'],
    ['SSL 2.0', hello(0x0002, []), 'version 0x2'],
    ['a version that nobody knows', hello(0x0303, [selected(0x0a0a)]), 'version 0xa0a'],
    ['the same extension twice', hello(0x0303, [selected(0x0304), selected(0x0304)]), 'twice'],
    [
      'a session id of 33 octets',
      concat(uint16(0x0303), new Uint8Array(32), vector8(new Uint8Array(33)), new Uint8Array(3)),
      '33 octets',
    ],
  ])('%s', (_what, body, why) => expect(() => readServerHello(body)).toThrow(why));

  it('says so when it comes from a server that knows better', () => {
    const random = (tail: string): Uint8Array => concat(new Uint8Array(24), Buffer.from(tail, 'latin1'));
    const sentinel = (tail: string) =>
      readServerHello(concat(uint16(0x0302), random(tail), vector8(), uint16(0x002f), uint8(0)))
        .downgradeSentinel;

    expect(['DOWNGRD\x01', 'DOWNGRD\x00', 'DOWNGRD\x02', '\0\0\0\0\0\0\0\0'].map(sentinel)).toEqual([
      'TLSv1.2',
      'TLSv1.1',
      null,
      null,
    ]);
  });
});
