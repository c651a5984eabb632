import { randomBytes } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import { cipherSuite } from './cipher-suite.js';
import { DEFAULT_GROUPS } from './client-extensions.js';
import {
  type Afterwards,
  type AfterwardsDraft,
  type ClientFlight,
  nothingAfterwards,
} from './client-flight.js';
import { completeHandshake12 } from './client-flight-12.js';
import { completeHandshake13 } from './client-flight-13.js';
import { type ClientHello, type ClientHelloOffer, clientHello } from './client-hello.js';
import {
  connect,
  DEFAULT_LIMITS,
  type Limits,
  type Opened,
  type Target,
  type Unreachable,
} from './connect.js';
import { Connection } from './connection.js';
import { type Ending, endingOf } from './ending.js';
import { readFlight12 } from './flight-12.js';
import { keys13, readFlight13 } from './flight-13.js';
import { HANDSHAKE_TYPE } from './handshake.js';
import { messageHash } from './key-schedule.js';
import { AGREEABLE_GROUPS, generateKeyShare, type KeyShare } from './key-share.js';
import { CONTENT_TYPE } from './record.js';
import { RecordLayer } from './record-layer.js';
import { secondClientHello } from './second-client-hello.js';
import { type ServerFlight, type ServerFlightDraft, unreadFlight } from './server-flight.js';
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
  /** What came of our own flight; null where none was wanted, or the server's was not whole. */
  readonly afterwards: Afterwards | null;
  /** Descriptions of warning alerts that came with it, `unrecognized_name` for one. */
  readonly warnings: readonly number[];
  /** From our hello to its answer, in milliseconds: one round trip and the server's work. */
  readonly answerMs: number;
}

/** What an exchange may do beside sending its hello. */
export interface ExchangeOptions {
  readonly limits?: Partial<Limits>;
  /** `server-hello`: read no further, all that an enumeration needs. `flight`, the default: read what follows too. */
  readonly until?: 'server-hello' | 'flight';
  /** Whether a HelloRetryRequest is answered with a second hello; true by default. */
  readonly retry?: boolean;
  /** What to complete the handshake with; without it the connection is closed after the server's flight. */
  readonly client?: ClientFlight;
  /** Told of the connection once it is open. */
  readonly onOpened?: (opened: Pick<Opened, 'address' | 'leftover'>) => void;
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
  if (opened.kind !== 'opened') return opened;
  options.onOpened?.(opened);
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
  const sentAt = performance.now();
  sendHello(layer, hello);
  const first = await nextServerHello(layer, transcript);
  const answerMs = performance.now() - sentAt;
  const second = first.helloRetryRequest && options.retry !== false ? secondClientHello(hello, first) : null;
  if (second === null)
    return readOn(
      { hello, serverHello: first, helloRetryRequest: null, layer, transcript, answerMs },
      options,
    );
  const hash = cipherSuite(first.cipherSuite)?.hash === 'sha384' ? 'sha384' : 'sha256';
  transcript[0] = messageHash(hash, hello.message);
  transcript.push(second.message);
  layer.speakTls13();
  sendHello(layer, second);
  const serverHello = await nextServerHello(layer, transcript);
  if (serverHello.helloRetryRequest) throw new DecodeError('a second HelloRetryRequest');
  const handshake = { hello: second, serverHello, helloRetryRequest: first, layer, transcript, answerMs };
  return readOn(handshake, options);
}

/** A handshake from the ServerHello on. */
interface Handshake {
  readonly hello: ClientHello;
  readonly serverHello: ServerHello;
  readonly helloRetryRequest: ServerHello | null;
  readonly layer: RecordLayer;
  readonly transcript: Uint8Array[];
  readonly answerMs: number;
}

async function readOn(handshake: Handshake, { until, client }: ExchangeOptions): Promise<ServerHelloOutcome> {
  const { serverHello, helloRetryRequest, layer, answerMs } = handshake;
  const flight = unreadFlight();
  const afterwards = client ? nothingAfterwards() : null;
  const told = {
    kind: 'server-hello',
    serverHello,
    helloRetryRequest,
    flight,
    warnings: layer.warnings,
    answerMs,
  } as const;
  if (until === 'server-hello') return { ...told, afterwards: null };
  const complete = await attempt(flight, () => readFlight(handshake, flight));
  if (!client || !afterwards || !complete || flight.ended.kind !== 'complete')
    return { ...told, afterwards: null };
  await attempt(afterwards, () => complete(client, afterwards));
  return { ...told, afterwards };
}

/** Completes the handshake with a flight of our own. */
type Complete = (client: ClientFlight, afterwards: AfterwardsDraft) => Promise<void>;

/** Reads the server's flight and gives back how to go on; nothing where it can't be read. */
async function readFlight(handshake: Handshake, flight: ServerFlightDraft): Promise<Complete | undefined> {
  const { hello, serverHello, layer, transcript } = handshake;
  if (serverHello.version !== 'TLSv1.3') {
    await readFlight12(layer, serverHello, transcript, flight);
    const so12 = { clientRandom: hello.random, hello: serverHello, flight, transcript };
    return (client, afterwards) => completeHandshake12(layer, so12, client, afterwards);
  }
  const keys = serverHello.helloRetryRequest ? null : keys13(serverHello, hello.keyShares, transcript);
  if (keys === null) return undefined;
  layer.speakTls13();
  await readFlight13(layer, keys, transcript, flight);
  const so13 = { keys, transcript, request: flight.certificateRequest };
  return (client, afterwards) => completeHandshake13(layer, so13, client, afterwards);
}

/** Runs one part; whatever ends it early is told where the part is told. */
async function attempt<T>(told: { ended: Ending }, part: () => Promise<T>): Promise<T | undefined> {
  try {
    return await part();
  } catch (error) {
    told.ended = endingOf(error);
    return undefined;
  }
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
  const group = groups.find((candidate) => AGREEABLE_GROUPS.includes(candidate));
  const share = group === undefined ? null : generateKeyShare(group);
  return share ? [share] : [];
}

function withoutHello(ending: Ending): Exclude<HandshakeOutcome, ServerHelloOutcome | Unreachable> {
  if (ending.kind === 'complete' || ending.kind === 'not-read')
    throw new Error('an exchange without a ServerHello is not over');
  return ending;
}
