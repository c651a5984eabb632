import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/tls/byte-reader.js';
import {
  readCertificateMessage12,
  readCertificateMessage13,
  readCertificateStatus,
} from '../../src/tls/certificate-message.js';
import { readCertificateRequest12, readCertificateRequest13 } from '../../src/tls/certificate-request.js';
import { cipherSuite } from '../../src/tls/cipher-suite.js';
import { clientCredential } from '../../src/tls/client-credential.js';
import type { Target } from '../../src/tls/connect.js';
import { exchange, type HandshakeOutcome } from '../../src/tls/exchange.js';
import { exchangeSsl2, type Ssl2Outcome } from '../../src/tls/exchange-ssl2.js';
import { extensionList } from '../../src/tls/extension.js';
import { fullOffer } from '../../src/tls/full-offer.js';
import { HandshakeReassembler, handshakeMessage } from '../../src/tls/handshake.js';
import { readHttpResponse } from '../../src/tls/http-response.js';
import { readNewSessionTicket12, readNewSessionTicket13 } from '../../src/tls/new-session-ticket.js';
import { plainProtocolOf } from '../../src/tls/plain-protocol.js';
import { record } from '../../src/tls/record.js';
import { readServerExtensions, readServerHello } from '../../src/tls/server-hello.js';
import { readServerKeyExchange } from '../../src/tls/server-key-exchange.js';
import { readSsl2ServerHello } from '../../src/tls/ssl2-hello.js';
import { concat } from '../../src/tls/vector.js';
import { FaultyServers } from './faulty-server.js';
import { tls13Server } from './faulty-tls13.js';
import { seeded } from './seeded.js';

const servers = new FaultyServers();
afterAll(() => servers.close());

/** SSLAPI_FUZZ_SEED runs another series, SSLAPI_FUZZ_SECONDS a longer one: a round for each five. */
const SEED = Number(process.env['SSLAPI_FUZZ_SEED'] ?? 8446);
const ROUNDS = Math.max(1, Math.round(Number(process.env['SSLAPI_FUZZ_SECONDS'] ?? 5) / 5));
const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

const SERVER_HELLO_13 =
  hex(`0303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100002e00330024001d0020c9
  828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304`);
const SERVER_HELLO_12 = concat(
  hex(`0303${'5a'.repeat(32)}00c02b00`),
  extensionList([
    { type: 0xff01, data: hex('00') },
    { type: 16, data: hex('0003 02 6832') },
    { type: 18, data: hex('0004 0002 abcd') },
    { type: 15, data: hex('01') },
    { type: 13_172, data: hex('08 687474702f312e31') },
    { type: 35, data: hex('') },
  ]),
);
const CERTIFICATE_12 = hex('00000c 000003 300100 000003 300101');
const CERTIFICATE_13 = hex(
  '00 00001f 000003 300100 000f 0005 0007 01000003 0a0103 0012 0000 000003 300101 0000',
);
const REQUEST_12 = hex('03 010240 0004 0403 0804 0008 0006 3004 3100 3100');
const REQUEST_13 = concat(
  hex('00'),
  extensionList([
    { type: 13, data: hex('0004 0403 0804') },
    { type: 47, data: hex('0008 0006 3004 3100 3100') },
    { type: 50, data: hex('0002 0401') },
  ]),
);
const CURVE = hex(`03001d20${'07'.repeat(32)} 0403 0004 30020101`);
const DH = hex(`0008 ffffffffffffffff 0001 02 0008 0102030405060708 0804 0002 abcd`);
const TICKET_13 = hex('00001c20 01020304 02 0000 0004 aabbccdd 0008 002a 0004 00004000');
const SSL2_HELLO = hex(
  '04 00 01 0002 0005 0006 0010 3003020101 0100800700c0 000102030405060708090a0b0c0d0e0f',
);

/** Each reader with a body that it reads, to begin from. */
const READERS: readonly (readonly [string, Uint8Array, (body: Uint8Array) => unknown])[] = [
  ['ServerHello, TLS 1.3', SERVER_HELLO_13, readServerHello],
  ['ServerHello, TLS 1.2', SERVER_HELLO_12, (body) => readServerExtensions(readServerHello(body).extensions)],
  ['Certificate, TLS 1.2', CERTIFICATE_12, readCertificateMessage12],
  ['Certificate, TLS 1.3', CERTIFICATE_13, readCertificateMessage13],
  ['CertificateStatus', hex('01000003300100'), readCertificateStatus],
  ['CertificateRequest, TLS 1.2', REQUEST_12, (body) => readCertificateRequest12(body, 'TLSv1.2')],
  [
    'CertificateRequest, TLS 1.0',
    hex('03 010240 0008 0006 3004 3100 3100'),
    (body) => readCertificateRequest12(body, 'TLSv1'),
  ],
  ['CertificateRequest, TLS 1.3', REQUEST_13, readCertificateRequest13],
  ['ServerKeyExchange, ECDHE', CURVE, (body) => readServerKeyExchange(body, cipherSuite(0xc02b)!, 'TLSv1.2')],
  ['ServerKeyExchange, DHE', DH, (body) => readServerKeyExchange(body, cipherSuite(0x009e)!, 'TLSv1.2')],
  [
    'ServerKeyExchange, PSK',
    hex('0002 6869'),
    (body) => readServerKeyExchange(body, cipherSuite(0x008c)!, 'TLSv1.2'),
  ],
  [
    'ServerKeyExchange, RSA EXPORT',
    hex('0004 00ffffff 0001 03 0002 abcd'),
    (body) => readServerKeyExchange(body, cipherSuite(0x0003)!, 'TLSv1'),
  ],
  ['NewSessionTicket, TLS 1.2', hex('00001c20 0004 aabbccdd'), readNewSessionTicket12],
  ['NewSessionTicket, TLS 1.3', TICKET_13, readNewSessionTicket13],
  ['SERVER-HELLO, SSL 2.0', SSL2_HELLO, readSsl2ServerHello],
  [
    'HTTP',
    Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
    (body) => readHttpResponse(body, 'closed'),
  ],
  ['first octets', Buffer.from('SSH-2.0-OpenSSH\r\n'), plainProtocolOf],
  [
    'handshake messages',
    handshakeMessage(2, SERVER_HELLO_13),
    (body) => drained(new HandshakeReassembler(1_000), body),
  ],
];

describe('a reader reads what is right, and of what is wrong it says DecodeError and nothing else', () => {
  it.each(READERS)('%s', (_name, right, read) => {
    const random = seeded(SEED);
    expect(() => read(right)).not.toThrow();
    for (let round = 0; round < 3_000 * ROUNDS; round += 1) {
      const wrong = round % 10 === 0 ? random.bytes(random.below(200)) : random.mutated(right);
      const error = thrownBy(() => read(wrong));
      if (error !== null && !(error instanceof DecodeError))
        throw new Error(`${Buffer.from(wrong).toString('hex')}: ${error}`);
    }
  });
});

describe('a server that answers anything at all', () => {
  it('before its keys', async () => {
    const random = seeded(SEED);
    const plain = [
      handshakeMessage(2, SERVER_HELLO_12),
      handshakeMessage(11, CERTIFICATE_12),
      handshakeMessage(12, CURVE),
      handshakeMessage(13, REQUEST_12),
      handshakeMessage(14, new Uint8Array()),
    ];
    const right = Buffer.concat(plain.map((message) => record(22, 0x0303, message)));
    const port = await servers.listen((socket) =>
      socket.once('data', () => socket.end(random.mutated(right))),
    );

    const seen = await endings(port, 150 * ROUNDS, (target, limits) =>
      exchange(target, fullOffer(null, ['TLSv1.2']), { limits, client: CLIENT }),
    );

    expect([...seen]).toEqual(
      expect.arrayContaining(['malformed', 'flight: malformed', 'flight: eof', 'not-tls']),
    );
  });

  it('under its keys, and after the handshake', async () => {
    const random = seeded(SEED + 1);
    const flight = [
      handshakeMessage(8, hex('0000')),
      handshakeMessage(13, REQUEST_13),
      handshakeMessage(11, CERTIFICATE_13),
      handshakeMessage(15, hex('0403 0004 30020101')),
    ];
    const afterwards = [
      { type: 22, content: handshakeMessage(4, TICKET_13) },
      { type: 22, content: handshakeMessage(13, REQUEST_13) },
      { type: 23, content: Buffer.from('HTTP/1.1 200 OK\r\n\r\n') },
      { type: 21, content: hex('0100') },
    ];
    const port = await servers.listen((socket) => {
      tls13Server(() => {
        const where = random.below(3);
        return {
          flight:
            where === 0
              ? flight.map((message) => (random.below(3) === 0 ? random.mutated(message) : message))
              : flight,
          afterwards:
            where === 1
              ? afterwards.map(({ type, content }) => ({ type, content: random.mutated(content) }))
              : afterwards,
          ...(where === 2
            ? { spoil: (bytes) => (random.below(4) === 0 ? random.mutated(bytes) : bytes) }
            : {}),
        };
      })(socket);
      socket.once('data', () => setImmediate(() => socket.end()));
    });

    const seen = await endings(port, 150 * ROUNDS, (target, limits) =>
      exchange(target, fullOffer(null, ['TLSv1.3']), { limits, client: CLIENT }),
    );

    expect([...seen]).toEqual(
      expect.arrayContaining(['flight: malformed', 'afterwards: malformed', 'afterwards: eof']),
    );
  });

  it('to a hello of SSL 2.0', async () => {
    const random = seeded(SEED + 2);
    const right = Buffer.concat([Buffer.from([0x80, SSL2_HELLO.length]), SSL2_HELLO]);
    const port = await servers.listen((socket) =>
      socket.once('data', () => socket.end(random.mutated(right))),
    );

    const seen = await endings(port, 60 * ROUNDS, (target, limits) => exchangeSsl2(target, { limits }));

    expect([...seen]).toEqual(expect.arrayContaining(['ssl2-server-hello', 'malformed', 'eof']));
  });
});

const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const CLIENT = {
  credential: clientCredential([hex('300100')], key),
  applicationData: Buffer.from('GET / HTTP/1.1\r\n\r\n'),
};

/** How far each of so many connections came, and how it ended there. */
async function endings(
  port: number,
  count: number,
  attempt: (target: Target, limits: { timeoutMs: number }) => Promise<HandshakeOutcome | Ssl2Outcome>,
): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let done = 0; done < count; done += 10) {
    const batch = Array.from({ length: 10 }, () =>
      attempt({ host: '127.0.0.1', port }, { timeoutMs: 1_500 }),
    );
    for (const outcome of await Promise.all(batch)) seen.add(ending(outcome));
  }
  return seen;
}

function ending(outcome: HandshakeOutcome | Ssl2Outcome): string {
  if (outcome.kind !== 'server-hello') return outcome.kind;
  if (outcome.afterwards === null) return `flight: ${outcome.flight.ended.kind}`;
  return `afterwards: ${outcome.afterwards.ended.kind}`;
}

function drained(reassembler: HandshakeReassembler, bytes: Uint8Array): void {
  reassembler.push(bytes);
  while (reassembler.next() !== null);
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}
