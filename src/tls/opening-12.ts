import { randomBytes } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import { type ClientHelloOffer, clientHello } from './client-hello.js';
import { readFlight12 } from './flight-12.js';
import { HANDSHAKE_TYPE } from './handshake.js';
import { CONTENT_TYPE } from './record.js';
import type { RecordLayer } from './record-layer.js';
import { type ServerFlight, unreadFlight } from './server-flight.js';
import { readServerHello, type ServerHello } from './server-hello.js';
import { versionNumber } from './version.js';

/** A handshake of SSL 3.0 to TLS 1.2 as far as ServerHelloDone: all of it is in clear, and it is the client's turn. */
export interface Opening12 {
  readonly serverHello: ServerHello;
  readonly flight: ServerFlight;
  /** ProtocolVersion for the records from here on. */
  readonly recordVersion: number;
}

/** Sends a hello and reads on to ServerHelloDone.
 *  @param offer of SSL 3.0 to TLS 1.2 */
export async function openHandshake12(layer: RecordLayer, offer: ClientHelloOffer): Promise<Opening12> {
  const serverHello = await askServerHello12(layer, offer);
  const flight = unreadFlight();
  await readFlight12(layer, serverHello, [], flight);
  return { serverHello, flight, recordVersion: versionNumber(serverHello.version) };
}

/** Sends a hello and reads the ServerHello alone.
 *  @param offer of SSL 3.0 to TLS 1.2 */
export async function askServerHello12(layer: RecordLayer, offer: ClientHelloOffer): Promise<ServerHello> {
  const { message } = clientHello(offer, {
    random: randomBytes(32),
    sessionId: offer.sessionId ?? new Uint8Array(),
    keyShares: [],
  });
  layer.send(CONTENT_TYPE.handshake, message, offer.versions[0] === 'SSLv3' ? 0x0300 : 0x0301);
  const { type, body } = await layer.nextMessage();
  if (type !== HANDSHAKE_TYPE.serverHello)
    throw new DecodeError(`handshake message of type ${type}, not a ServerHello`);
  const serverHello = readServerHello(body);
  if (serverHello.version === 'TLSv1.3')
    throw new DecodeError('ServerHello of a version that was not offered');
  return serverHello;
}
