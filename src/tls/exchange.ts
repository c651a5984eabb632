import { randomBytes } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import { cipherSuite } from './cipher-suite.js';
import { DEFAULT_GROUPS } from './client-extensions.js';
import { type ClientHello, type ClientHelloOffer, clientHello } from './client-hello.js';
import { connect, DEFAULT_LIMITS, type Limits, type Target, type Unreachable } from './connect.js';
import { Connection } from './connection.js';
import { type Ending, endingOf } from './ending.js';
import { readFlight12 } from './flight-12.js';
import { keys13, readFlight13 } from './flight-13.js';
import { HANDSHAKE_TYPE } from './handshake.js';
import { messageHash } from './key-schedule.js';
import { generateKeyShare, type KeyShare } from './key-share.js';
import { CONTENT_TYPE } from './record.js';
import { RecordLayer } from './record-layer.js';
import { secondClientHello } from './second-client-hello.js';
import { type ServerFlight, unreadFlight } from './server-flight.js';
import { readServerHello, type ServerHello } from './server-hello.js';

/** How one connection went: the server's hello and all that came with it, or why there was none. */
export type HandshakeOutcome =
  | ServerHelloOutcome
  | Exclude<Ending, { kind: 'complete' } | { kind: 'not-read' }>
  | Unreachable;

/** A server answered with a ServerHello. */
export interface ServerHelloOutcome {
  readonly kind: 'server-hello';
  /** A HelloRetryRequest only where no second hello could follow it or none was wanted. */
  readonly serverHello: ServerHello;
  /** The HelloRetryRequest that came before; null where there was none. */
  readonly helloRetryRequest: ServerHello | null;
  readonly flight: ServerFlight;
  /** Descriptions of warning alerts that came with it, `unrecognized_name` for one. */
  readonly warnings: readonly number[];
}

/** What an exchange may do beside sending its hello. */
export interface ExchangeOptions {
  readonly limits?: Partial<Limits>;
  /** `server-hello`: read no further, all that an enumeration needs. `flight`, the default: read what follows too. */
  readonly until?: 'server-hello' | 'flight';
  /** Whether a HelloRetryRequest is answered with a second hello; true by default. */
  readonly retry?: boolean;
}

/** Sends one ClientHello over a connection of its own and tells what came of it. Never rejects for what a peer did;
 *  the connection is closed (RST) when the promise is fulfilled, at the latest after `limits.timeoutMs`. */
export async function exchange(
  target: Target,
  offer: ClientHelloOffer,
  options: ExchangeOptions = {},
): Promise<HandshakeOutcome> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const hello = freshClientHello(offer);
  const opened = await connect(target, limits);
  if (opened.kind === 'unreachable') return opened;
  const connection = new Connection(opened, limits.maxBytes);
  try {
    return await answerTo(hello, new RecordLayer(connection, limits), options);
  } catch (error) {
    return withoutHello(endingOf(error));
  } finally {
    connection.close();
  }
}

async function answerTo(
  hello: ClientHello,
  layer: RecordLayer,
  options: ExchangeOptions,
): Promise<HandshakeOutcome> {
  const transcript: Uint8Array[] = [hello.message];
  sendHello(layer, hello);
  const first = await nextServerHello(layer, transcript);
  const second = first.helloRetryRequest && options.retry !== false ? secondClientHello(hello, first) : null;
  if (second === null) return readOn(hello, first, null, layer, transcript, options);
  const hash = cipherSuite(first.cipherSuite)?.hash === 'sha384' ? 'sha384' : 'sha256';
  transcript[0] = messageHash(hash, hello.message);
  transcript.push(second.message);
  sendHello(layer, second);
  const serverHello = await nextServerHello(layer, transcript);
  if (serverHello.helloRetryRequest) throw new DecodeError('a second HelloRetryRequest');
  return readOn(second, serverHello, first, layer, transcript, options);
}

async function readOn(
  hello: ClientHello,
  serverHello: ServerHello,
  helloRetryRequest: ServerHello | null,
  layer: RecordLayer,
  transcript: Uint8Array[],
  { until = 'flight' }: ExchangeOptions,
): Promise<ServerHelloOutcome> {
  const flight = unreadFlight();
  try {
    if (until === 'flight') await readFlight(hello, serverHello, layer, transcript, flight);
  } catch (error) {
    flight.ended = endingOf(error);
  }
  return { kind: 'server-hello', serverHello, helloRetryRequest, flight, warnings: layer.warnings };
}

async function readFlight(
  hello: ClientHello,
  serverHello: ServerHello,
  layer: RecordLayer,
  transcript: Uint8Array[],
  flight: ReturnType<typeof unreadFlight>,
): Promise<void> {
  if (serverHello.version !== 'TLSv1.3') return readFlight12(layer, serverHello, transcript, flight);
  const keys = serverHello.helloRetryRequest ? null : keys13(serverHello, hello.keyShares, transcript);
  if (keys !== null) await readFlight13(layer, keys, transcript, flight);
}

async function nextServerHello(layer: RecordLayer, transcript: Uint8Array[]): Promise<ServerHello> {
  const { type, body, raw } = await layer.nextMessage();
  if (type !== HANDSHAKE_TYPE.serverHello)
    throw new DecodeError(`handshake message of type ${type}, not a ServerHello`);
  transcript.push(raw);
  return readServerHello(body);
}

function sendHello(layer: RecordLayer, { message, offer }: ClientHello): void {
  const version = offer.recordVersion ?? (offer.versions.every((name) => name === 'SSLv3') ? 0x0300 : 0x0301);
  layer.send(CONTENT_TYPE.handshake, message, version, offer.fragmentBytes);
}

function freshClientHello(offer: ClientHelloOffer): ClientHello {
  const isThirteen = offer.versions.includes('TLSv1.3');
  return clientHello(offer, {
    random: randomBytes(32),
    sessionId: offer.sessionId ?? (isThirteen ? randomBytes(32) : new Uint8Array()),
    keyShares: isThirteen ? (offer.keyShares ?? defaultKeyShares(offer)) : [],
  });
}

function defaultKeyShares({ groups = DEFAULT_GROUPS }: ClientHelloOffer): KeyShare[] {
  const share = groups.map(generateKeyShare).find((candidate) => candidate !== null);
  return share ? [share] : [];
}

function withoutHello(ending: Ending): Exclude<HandshakeOutcome, ServerHelloOutcome | Unreachable> {
  if (ending.kind === 'complete' || ending.kind === 'not-read')
    throw new Error('an exchange without a ServerHello is not over');
  return ending;
}
