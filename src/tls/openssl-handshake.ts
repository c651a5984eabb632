import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { closeWithReset, connect, DEFAULT_LIMITS, type Target } from './connect.js';
import { endingOfError, pemOf } from './request.js';
import type { RequestCertificate, RequestEnding } from './request-outcome.js';
import type { TlsVersion } from './version.js';

/** Versions that OpenSSL still knows. */
export type OpensslVersion = Exclude<TlsVersion, 'SSLv2' | 'SSLv3'>;

/** A handshake for its own sake. */
export interface HandshakeAsked {
  readonly target: Target;
  /** server_name; null sends none. */
  readonly servername: string | null;
  /** The only version that is offered. */
  readonly version: OpensslVersion;
  /** Whether a ticket of RFC 5077 is asked for. */
  readonly tickets: boolean;
  /** A session of an earlier handshake to resume. */
  readonly session?: Uint8Array | null;
  /** The client certificate to present where the server asks; none by default. */
  readonly certificate?: RequestCertificate | null;
  /** For everything, name resolution included, in milliseconds. */
  readonly timeoutMs: number;
  /** Told when the connection will be closed, so that nobody has to wait for the peer to close it too. */
  readonly hold?: (closed: Promise<void>) => void;
}

/** Why no handshake came about, or why it is over. */
export interface HandshakeFailed {
  readonly kind: 'failed';
  readonly ended: RequestEnding;
}

/** A handshake that node:tls has completed, until it is closed. */
export interface OpensslHandshake {
  readonly socket: TLSSocket;
  /** The first thing that the server gave to resume by; pending where it gives nothing. */
  readonly session: Promise<Uint8Array>;
  /** How the connection ends; it never rejects. */
  readonly ended: Promise<RequestEnding>;
}

/** Completes a handshake through node:tls, which knows more suites than the raw engine and can resume; hands it on, and closes
 *  it politely afterwards: a server forgets a session that ends by a reset. Never rejects for what a peer did. */
export async function overOpenssl<T>(
  asked: HandshakeAsked,
  use: (handshake: OpensslHandshake) => Promise<T>,
): Promise<T | HandshakeFailed> {
  const opened = await connect(asked.target, { ...DEFAULT_LIMITS, timeoutMs: asked.timeoutMs });
  if (opened.kind !== 'opened') return { kind: 'failed', ended: opened };
  const { socket: raw, deadline } = opened;
  let socket: TLSSocket;
  try {
    socket = tlsConnect(optionsFor(asked, raw));
  } catch (error) {
    closeWithReset(raw);
    return { kind: 'failed', ended: { kind: 'refused-locally', why: (error as Error).message } };
  }
  const ended = endOf(socket, deadline);
  const session = new Promise<Uint8Array>((resolve) => socket.once('session', resolve));
  const secured = new Promise<'secured'>((resolve) => socket.once('secureConnect', () => resolve('secured')));
  try {
    const first = await Promise.race([secured, ended]);
    return first === 'secured' ? await use({ socket, session, ended }) : { kind: 'failed', ended: first };
  } finally {
    const closed = closePolitely(socket, raw);
    if (asked.hold) asked.hold(closed);
    else await closed;
  }
}

function endOf(socket: TLSSocket, deadline: number): Promise<RequestEnding> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'timeout' }), Math.max(0, deadline - performance.now()));
    const end = (ending: RequestEnding): void => {
      clearTimeout(timer);
      resolve(ending);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => end(endingOfError(error)));
    socket.on('end', () => end({ kind: 'eof' }));
    socket.on('close', () => end({ kind: 'eof' }));
  });
}

/** close_notify and FIN; what is not closed by then is reset. Fulfilled once the connection is no more. */
function closePolitely(socket: TLSSocket, raw: Socket): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      clearTimeout(timer);
      socket.destroy();
      closeWithReset(raw);
      resolve();
    };
    const timer = setTimeout(over, CLOSING_MS);
    socket.once('close', over).once('end', over);
    if (socket.destroyed || socket.readableEnded) over();
    else socket.resume().end();
  });
}

function optionsFor(
  { servername, version, tickets, session, certificate }: HandshakeAsked,
  raw: Socket,
): ConnectionOptions {
  return {
    socket: raw,
    minVersion: version,
    maxVersion: version,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ca: [],
    ciphers: 'ALL:@SECLEVEL=0',
    secureOptions: LENIENT | (tickets ? 0 : constants.SSL_OP_NO_TICKET),
    ...(servername === null ? {} : { servername }),
    ...(session ? { session: Buffer.from(session) } : {}),
    ...(certificate ? { cert: certificate.chain.map(pemOf).join(''), key: certificate.key } : {}),
  };
}

/** Servers without RFC 5746 are talked to as well, and asked to renegotiate. */
const LENIENT = constants.SSL_OP_LEGACY_SERVER_CONNECT | constants.SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION;
const CLOSING_MS = 300;
