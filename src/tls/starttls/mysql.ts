import { type PlainTalk, TalkFailed } from './plain-talk.js';
import type { Starttls } from './starttls-protocol.js';

/** The client/server protocol of MySQL and MariaDB: the server greets and names its abilities, an SSLRequest is followed
 *  by TLS at once. */
export const mysql: Starttls = {
  defaultPort: 3306,
  async negotiate(talk) {
    const { sequence, payload } = await readPacket(talk);
    if (payload[0] === ERROR) throw new TalkFailed('refused', payload.subarray(3));
    if (payload[0] !== PROTOCOL_10) throw new TalkFailed('garbled', payload);
    if ((abilities(payload) & CLIENT.ssl) === 0)
      throw new TalkFailed('refused', 'it is configured without TLS');
    talk.send(packet(sequence + 1, SSL_REQUEST));
  },
  /** No HandshakeResponse: the server says so and closes. */
  farewell: packet(2, Buffer.of(0x01)),
};

interface Packet {
  readonly sequence: number;
  readonly payload: Buffer;
}

async function readPacket(talk: PlainTalk): Promise<Packet> {
  const header = await talk.bytes(4);
  const length = header.readUIntLE(0, 3);
  if (length === 0 || length > MAX_GREETING)
    throw new TalkFailed('garbled', Buffer.concat([header, talk.peek()]));
  return { sequence: header[3]!, payload: await talk.bytes(length) };
}

/** The lower 16 flags: after the version's text, the thread (4), the first part of a challenge (8) and a zero. */
function abilities(greeting: Buffer): number {
  const versionEnd = greeting.indexOf(0, 1);
  const at = versionEnd + 1 + 4 + 8 + 1;
  if (versionEnd < 0 || at + 2 > greeting.length) throw new TalkFailed('garbled', greeting);
  return greeting.readUInt16LE(at);
}

function packet(sequence: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}

const PROTOCOL_10 = 10;
const ERROR = 0xff;
const MAX_GREETING = 4096;
const CLIENT = { protocol41: 0x200, ssl: 0x800, secureConnection: 0x8000, pluginAuth: 0x80000 } as const;
const SSL_REQUEST = ((): Buffer => {
  const octets = Buffer.alloc(32);
  octets.writeUInt32LE(CLIENT.protocol41 | CLIENT.ssl | CLIENT.secureConnection | CLIENT.pluginAuth, 0);
  octets.writeUInt32LE(0x0100_0000, 4); // the largest packet that we take
  octets[8] = 45; // utf8mb4
  return octets;
})();
