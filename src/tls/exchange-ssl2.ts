import { randomBytes } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import { connect, DEFAULT_LIMITS, type Limits, type Target, type Unreachable } from './connect.js';
import { Connection } from './connection.js';
import { type Ending, endingOf } from './ending.js';
import { RecordLayer } from './record-layer.js';
import {
  readSsl2ServerHello,
  SSL2_CIPHER_KINDS,
  type Ssl2ServerHello,
  ssl2ClientHello,
} from './ssl2-hello.js';
import { concat } from './vector.js';

/** How a server took a CLIENT-HELLO of SSL 2.0. One that does not speak it answers with a TLS alert, closes or says nothing. */
export type Ssl2Outcome =
  | { readonly kind: 'ssl2-server-hello'; readonly serverHello: Ssl2ServerHello }
  | Ending
  | Unreachable;

/** Sends one CLIENT-HELLO of SSL 2.0 with every cipher kind and tells what came of it; never rejects for what a peer did. */
export async function exchangeSsl2(
  target: Target,
  options: { readonly limits?: Partial<Limits> } = {},
): Promise<Ssl2Outcome> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const opened = await connect(target, limits);
  if (opened.kind !== 'opened') return opened;
  const connection = new Connection(opened, limits.maxBytes);
  try {
    connection.write(ssl2ClientHello([...SSL2_CIPHER_KINDS.keys()], randomBytes(CHALLENGE_BYTES)));
    return await answer(connection, limits);
  } catch (error) {
    return endingOf(error);
  } finally {
    connection.close();
  }
}

async function answer(connection: Connection, limits: Limits): Promise<Ssl2Outcome> {
  let received = await connection.read();
  if (received[0]! < 0x80) return tlsAnswer(connection, received, limits);
  const more = async (length: number): Promise<void> => {
    while (received.length < length) received = concat(received, await connection.read());
  };
  await more(HEADER_BYTES + 1);
  const length = (received[0]! & 0x7f) * 0x100 + received[1]!;
  await more(HEADER_BYTES + length);
  return {
    kind: 'ssl2-server-hello',
    serverHello: readSsl2ServerHello(received.subarray(HEADER_BYTES, HEADER_BYTES + length)),
  };
}

/** A TLS server's answer is an alert, if anything. */
async function tlsAnswer(connection: Connection, received: Uint8Array, limits: Limits): Promise<Ssl2Outcome> {
  connection.unread(received);
  const incoming = await new RecordLayer(connection, limits).next();
  throw new DecodeError(`${incoming.kind} in answer to an SSL 2.0 CLIENT-HELLO`);
}

const CHALLENGE_BYTES = 16;
const HEADER_BYTES = 2;
