import { constants, createPrivateKey, privateDecrypt } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { ByteReader } from '../../src/tls/byte-reader.js';
import { cipherSuite } from '../../src/tls/cipher-suite.js';
import { extensionList } from '../../src/tls/extension.js';
import { handshakeMessage } from '../../src/tls/handshake.js';
import { keyBlock12, masterSecret12 } from '../../src/tls/key-schedule-12.js';
import { readRecordHeader, record, type TlsRecord } from '../../src/tls/record.js';
import { aeadOf } from '../../src/tls/record-protection.js';
import { recordProtection12 } from '../../src/tls/record-protection-12.js';
import { concat, uint8, uint16, vector8, vector16, vector24 } from '../../src/tls/vector.js';

/** What the process of a server with Heartbleed has in its memory behind a heartbeat. */
export const MEMORY = Buffer.from('-----BEGIN PRIVATE KEY-----'.repeat(20));

/** A server that has heartbeats. `over-read` copies what was claimed, as OpenSSL 1.0.1 to 1.0.1f; `checked` what is there, as
 *  1.0.1g; `mute` answers none. */
export function heartbeatServer(behaviour: 'over-read' | 'checked' | 'mute'): (socket: Socket) => void {
  return (socket) =>
    eachRecord(socket, ({ type, fragment }) => {
      if (type === 22) socket.write(clearFlight({ heartbeat: true }));
      if (type !== 24 || behaviour === 'mute') return;
      const claimed = Buffer.from(fragment).readUInt16BE(1);
      if (behaviour === 'checked' && 1 + 2 + claimed + 16 > fragment.length) return;
      const memory = concat(fragment.subarray(3), MEMORY);
      const answer = concat(uint8(2), uint16(claimed), memory.subarray(0, claimed), new Uint8Array(16));
      socket.write(record(24, 0x0303, answer));
    });
}

/** A server that an early ChangeCipherSpec comes to. `takes-it` changes to the keys of an empty master secret, as OpenSSL before
 *  1.0.1h; `refuses` says unexpected_message; `passes-over` acts as if it had not come; `closes` and `mute` do that. */
export function changeCipherSpecServer(
  behaviour: 'takes-it' | 'refuses' | 'passes-over' | 'closes' | 'mute',
): (socket: Socket) => void {
  return (socket) => {
    let protection: ReturnType<typeof recordProtection12> | null = null;
    let clientRandom: Uint8Array | null = null;
    eachRecord(socket, (received) => {
      const { type, fragment } = received;
      if (clientRandom === null) {
        clientRandom = fragment.subarray(6, 38);
        socket.write(clearFlight({}));
      } else if (protection !== null) {
        try {
          protection.open(received);
        } catch {
          socket.end(alert(20));
        }
      } else if (type === 20 && behaviour === 'takes-it') {
        protection = recordProtection12(aeadOf(cipherSuite(SUITE)!)!, emptyKeys(clientRandom));
      } else if (type === 20 && behaviour === 'refuses') socket.end(alert(10));
      else if (type === 20 && behaviour === 'closes') socket.end();
      else if (type === 22 && behaviour === 'passes-over') socket.end(alert(10));
    });
  };
}

/** Stands before a TLS 1.2 server that resumes by tickets and, where it does, gives 32 octets of session id whatever was sent,
 *  as F5 did. */
export function ticketbleedProxy(port: number): (socket: Socket) => void {
  return (client) => {
    const server = connect(port, '127.0.0.1');
    let sent: Uint8Array = new Uint8Array();
    client.once('data', (hello: Uint8Array) => {
      sent = new ByteReader(hello.subarray(5 + 4 + 2 + 32), 'ClientHello').vector8();
    });
    client.on('data', (chunk) => server.write(chunk));
    server.once('data', (chunk: Uint8Array) => {
      client.write(withLongSessionId(chunk, sent));
      server.on('data', (more) => client.write(more));
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const)
      one.on('error', () => {}).on('close', () => other.destroy());
  };
}

/** How a server decides what it says to a ClientKeyExchange of RSA. `none`: it never shows what it saw. `strong` tells any block
 *  that does not begin right, `weak` only one that is right in every place, `shortened` shows what it saw only while nothing
 *  follows, and `jitter` says one thing to whoever comes first and another to all others. */
export type Oracle = 'none' | 'strong' | 'weak' | 'shortened' | 'jitter' | 'mute';

/** A server of TLS 1.2 with TLS_RSA_WITH_AES_128_GCM_SHA256, as far as the client's Finished. */
export function rsaServer(oracle: Oracle, certificate: Uint8Array, keyPem: string): (socket: Socket) => void {
  const key = createPrivateKey(keyPem);
  let isFirst = true;
  return (socket) => {
    let isRight: boolean | null = null;
    eachRecord(socket, ({ type, fragment }) => {
      if (type === 22 && fragment[0] === 1) {
        socket.write(clearFlight({ suite: RSA_SUITE, certificate }));
      } else if (type === 22 && fragment[0] === 16 && oracle !== 'mute') {
        const encrypted = new ByteReader(fragment.subarray(4), 'ClientKeyExchange').vector16();
        const block = privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.from(encrypted));
        isRight = oracle === 'strong' ? block[0] === 0 && block[1] === 2 : isConforming(block);
        if (oracle === 'shortened' && !isRight) socket.end(alert(20));
      } else if (type === 22 && isRight !== null) {
        const tells = oracle === 'strong' || oracle === 'weak';
        const jitter = oracle === 'jitter' && isFirst;
        isFirst = false;
        socket.end(alert((tells && !isRight) || jitter ? 51 : 20));
      }
    });
  };
}

/** RFC 5246 §7.4.7.1: all that a server can look at. */
function isConforming(block: Uint8Array): boolean {
  const zero = block.indexOf(0, 2);
  return block[0] === 0 && block[1] === 2 && zero === block.length - 49 && block[zero + 1] === 3;
}

interface Flight {
  readonly suite?: number;
  readonly heartbeat?: boolean;
  readonly certificate?: Uint8Array;
}

/** From ServerHello to ServerHelloDone. */
export function clearFlight({ suite = SUITE, heartbeat = false, certificate }: Flight): Uint8Array {
  const extensions = heartbeat ? extensionList([{ type: 15, data: uint8(1) }]) : new Uint8Array();
  const hello = concat(uint16(0x0303), SERVER_RANDOM, vector8(), uint16(suite), uint8(0), extensions);
  const curve = concat(uint8(3), uint16(0x1d), vector8(new Uint8Array(32).fill(9)));
  const messages = [
    handshakeMessage(2, hello),
    handshakeMessage(11, vector24(...(certificate ? [vector24(certificate)] : []))),
    ...(suite === RSA_SUITE ? [] : [handshakeMessage(12, concat(curve, uint16(0x0403), vector16(uint8(0))))]),
    handshakeMessage(14, new Uint8Array()),
  ];
  return record(22, 0x0303, concat(...messages));
}

function emptyKeys(clientRandom: Uint8Array): ReturnType<typeof keyBlock12>['client'] {
  const randoms = { client: clientRandom, server: SERVER_RANDOM };
  const master = masterSecret12('sha256', new Uint8Array(), randoms, null);
  return keyBlock12('sha256', master, randoms, 16, 4).client;
}

function withLongSessionId(flight: Uint8Array, sent: Uint8Array): Uint8Array {
  const { type, length } = readRecordHeader(flight.subarray(0, 5));
  if (type !== 22) return flight;
  const message = flight.subarray(5, 5 + length);
  const reader = new ByteReader(message.subarray(4), 'ServerHello');
  const beforeId = reader.bytes(34);
  const sessionId = reader.vector8();
  const isResumed = sent.length > 0 && Buffer.compare(sent, sessionId) === 0;
  if (!isResumed) return flight;
  const helloLength = new ByteReader(message.subarray(1), 'length').uint24();
  const longer = concat(sessionId, MEMORY).subarray(0, 32);
  const hello = concat(
    beforeId,
    vector8(longer),
    message.subarray(4 + 35 + sessionId.length, 4 + helloLength),
  );
  const rest = concat(handshakeMessage(2, hello), message.subarray(4 + helloLength));
  return concat(record(22, 0x0303, rest), flight.subarray(5 + length));
}

function eachRecord(socket: Socket, take: (received: TlsRecord) => void): void {
  let buffered: Uint8Array = new Uint8Array();
  socket.on('data', (chunk: Uint8Array) => {
    buffered = concat(buffered, chunk);
    while (buffered.length >= 5) {
      const { type, version, length } = readRecordHeader(buffered.subarray(0, 5));
      if (buffered.length < 5 + length || socket.writableEnded) return;
      const fragment = buffered.subarray(5, 5 + length);
      buffered = buffered.subarray(5 + length);
      take({ type, version, fragment });
    }
  });
}

function alert(description: number): Uint8Array {
  return record(21, 0x0303, Uint8Array.of(2, description));
}

const SERVER_RANDOM = new Uint8Array(32).fill(7);
/** TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 */
const SUITE = 0xc02f;
export const RSA_SUITE = 0x009c;
