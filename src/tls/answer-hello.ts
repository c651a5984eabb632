import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { ALERT, ALERT_LEVEL } from './alert.js';
import { DecodeError } from './byte-reader.js';
import { certificateMessage12 } from './certificate-message.js';
import { type CipherSuite, cipherSuite } from './cipher-suite.js';
import { DEFAULT_LIMITS } from './connect.js';
import { Connection } from './connection.js';
import { type Ending, endingOf, PeerEnded } from './ending.js';
import { EXTENSION_TYPE, extensionList } from './extension.js';
import { HANDSHAKE_TYPE, handshakeMessage } from './handshake.js';
import { type ReceivedHello, readClientHello } from './received-hello.js';
import { CONTENT_TYPE, record, records } from './record.js';
import { RecordLayer } from './record-layer.js';
import { signedKeyExchange, takesStrongSignature } from './signed-key-exchange.js';
import { ssl2ServerHello } from './ssl2-hello.js';
import { concat, uint8, uint16, vector8 } from './vector.js';
import { type TlsVersion, versionNumber } from './version.js';

/** What a server says in clear, from its ServerHello to its ServerHelloDone: all that versions and suites need that no library
 *  has any more, and all that a client needs to be refused by, or to refuse. */
export interface HelloScript {
  /** Spoken whatever the client offers; with SSLv2 a hello of TLS is refused. */
  readonly version: Exclude<TlsVersion, 'TLSv1.3'>;
  /** Code points; the first that the client offers is taken. CIPHER-KINDs for SSLv2. */
  readonly cipherSuites: readonly number[];
  /** In DER, or whatever octets are to be tried. */
  readonly chain: readonly Uint8Array[];
  /** PKCS#8 in PEM, RSA. */
  readonly privateKey: string;
  /** Takes a suite that the client did not offer. */
  readonly takesUnoffered?: boolean;
  /** Says, as RFC 8446 §4.1.3 has it, that it would have spoken TLS 1.3. */
  readonly downgraded?: boolean;
  /** Sends an RSA key of 512 bits where the suite has none. */
  readonly shortRsaKey?: boolean;
}

/** What became of a client. `went-along`: it sent its key, and would have gone on. `not-offered`: it offered nothing of what
 *  is spoken here, and was refused. Anything else is how it ended the connection. */
export type HelloOutcome = { readonly kind: 'went-along' } | { readonly kind: 'not-offered' } | Ending;

/** Answers one client as far as the hello, and closes. Never rejects for what a client did.
 *  @param timeoutMs for all of it, in milliseconds */
export async function answerHello(
  socket: Socket,
  script: HelloScript,
  timeoutMs: number,
): Promise<HelloOutcome> {
  const limits = { ...DEFAULT_LIMITS, timeoutMs, maxBytes: MAX_BYTES };
  const deadline = performance.now() + timeoutMs;
  const opened = { kind: 'opened', socket, deadline, connectMs: 0, address: null, leftover: false } as const;
  const connection = new Connection(opened, limits.maxBytes);
  try {
    const outcome = await outcomeOf(connection, script, new RecordLayer(connection, limits));
    connection.write(alertOf(outcome, script));
    return outcome;
  } catch (error) {
    return endingOf(error);
  } finally {
    connection.finish();
  }
}

async function outcomeOf(
  connection: Connection,
  script: HelloScript,
  layer: RecordLayer,
): Promise<HelloOutcome> {
  const first = await firstOctets(connection);
  if (isSsl2Hello(first)) return ssl2Outcome(connection, script);
  const { message } = await handshakeMessageOf(layer);
  if (message.type !== HANDSHAKE_TYPE.clientHello)
    throw new DecodeError(`handshake message of type ${message.type} in place of a ClientHello`);
  if (script.version === 'SSLv2') return { kind: 'not-offered' };
  const flight = await flightFor(readClientHello(message.body), script);
  if (flight === null) return { kind: 'not-offered' };
  connection.write(records(CONTENT_TYPE.handshake, versionNumber(script.version), flight));
  const answer = await handshakeMessageOf(layer);
  if (answer.message.type === HANDSHAKE_TYPE.clientKeyExchange) return { kind: 'went-along' };
  throw new DecodeError(`handshake message of type ${answer.message.type} in place of a ClientKeyExchange`);
}

async function handshakeMessageOf(layer: RecordLayer) {
  const incoming = await layer.next();
  if (incoming.kind === 'handshake') return incoming;
  throw new DecodeError(`${incoming.kind} where a handshake message belongs`);
}

/** ServerHello, Certificate, ServerKeyExchange, ServerHelloDone, RFC 5246 §7.3. */
async function flightFor(hello: ReceivedHello, script: HelloScript): Promise<Uint8Array | null> {
  const chosen = script.cipherSuites.find(
    (id) => hello.cipherSuites.includes(id) !== (script.takesUnoffered === true),
  );
  const suite = chosen === undefined ? null : cipherSuite(chosen);
  if (suite === null || !canSign(script, suite, hello)) return null;
  const { version, privateKey, shortRsaKey = false } = script;
  const serverRandom = script.downgraded
    ? concat(randomBytes(RANDOM_BYTES - DOWNGRADED.length), DOWNGRADED)
    : randomBytes(RANDOM_BYTES);
  const keyExchange = await signedKeyExchange({
    ...{ suite, version, hello, serverRandom, privateKey },
    alwaysRsa: shortRsaKey,
  });
  return concat(
    handshakeMessage(HANDSHAKE_TYPE.serverHello, serverHello(hello, script, suite.id, serverRandom)),
    certificateMessage12(script.chain),
    ...(keyExchange === null ? [] : [handshakeMessage(HANDSHAKE_TYPE.serverKeyExchange, keyExchange)]),
    handshakeMessage(HANDSHAKE_TYPE.serverHelloDone, new Uint8Array()),
  );
}

/** Before TLS 1.2 nobody was asked, and who encrypts to the key of a certificate wants no signature. */
function canSign(
  { version, shortRsaKey = false }: HelloScript,
  suite: CipherSuite,
  hello: ReceivedHello,
): boolean {
  const isSigned = version === 'TLSv1.2' && (suite.keyExchange !== 'RSA' || shortRsaKey);
  return !isSigned || takesStrongSignature(hello);
}

/** RFC 5246 §7.4.1.3, without a session to resume. */
function serverHello(
  { secureRenegotiation }: ReceivedHello,
  { version }: HelloScript,
  suite: number,
  random: Uint8Array,
): Uint8Array {
  const renegotiation = { type: EXTENSION_TYPE.renegotiationInfo, data: uint8(0) };
  return concat(
    uint16(versionNumber(version)),
    random,
    vector8(),
    uint16(suite),
    uint8(0),
    secureRenegotiation ? extensionList([renegotiation]) : new Uint8Array(),
  );
}

/** Looks at how the client begins, and leaves it to be read. */
async function firstOctets(connection: Connection): Promise<Uint8Array> {
  let first = await connection.read();
  while (first.length < SSL2_HEAD_BYTES) first = concat(first, await connection.read());
  connection.unread(first);
  return first;
}

/** A record of two octets' header with a CLIENT-HELLO in it, draft-hickman-netscape-ssl §2.5. */
function isSsl2Hello(octets: Uint8Array): boolean {
  return octets[0]! >= 0x80 && octets[2] === SSL2_CLIENT_HELLO;
}

async function ssl2Outcome(connection: Connection, script: HelloScript): Promise<HelloOutcome> {
  await ssl2Record(connection);
  if (script.version !== 'SSLv2') return { kind: 'not-offered' };
  connection.write(ssl2ServerHello(script.chain[0]!, script.cipherSuites, randomBytes(16)));
  const answer = await ssl2Record(connection);
  return answer[0] === SSL2_CLIENT_MASTER_KEY ? { kind: 'went-along' } : { kind: 'eof', closeNotify: false };
}

/** The body of a record of SSL 2.0; a client that has read enough may close amid it. */
async function ssl2Record(connection: Connection): Promise<Uint8Array> {
  let octets = await connection.read();
  const missing = (): boolean =>
    octets.length < 2 || octets.length < 2 + (((octets[0]! & 0x7f) << 8) | octets[1]!);
  while (missing()) octets = concat(octets, await connection.read());
  if (octets[0]! < 0x80) throw new PeerEnded({ kind: 'eof', closeNotify: false });
  return octets.subarray(2);
}

/** The client is told that it ends here: by handshake_failure that there is nothing in common, by internal_error that it
 *  went along with what it should have refused. */
function alertOf({ kind }: HelloOutcome, { version }: HelloScript): Uint8Array {
  const description = kind === 'not-offered' ? ALERT.handshakeFailure : ALERT.internalError;
  const spoken = version === 'SSLv2' ? 'TLSv1' : version;
  return record(CONTENT_TYPE.alert, versionNumber(spoken), Uint8Array.of(ALERT_LEVEL.fatal, description));
}

const MAX_BYTES = 65_536;
const RANDOM_BYTES = 32;
const DOWNGRADED = Buffer.from('DOWNGRD\x01', 'latin1');
const SSL2_HEAD_BYTES = 3;
const SSL2_CLIENT_HELLO = 1;
const SSL2_CLIENT_MASTER_KEY = 2;
