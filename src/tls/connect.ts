import { type Socket, connect as tcpConnect } from 'node:net';
import { connectThrough, type HttpProxy } from './proxy.js';
import { PlainTalk, TalkFailed, type TalkFailure } from './starttls/plain-talk.js';
import { STARTTLS, type StarttlsProtocol } from './starttls/protocols.js';

/** Where a connection goes to. */
export interface Target {
  /** A DNS name or an address; a name is resolved where no `address` is given. */
  readonly host: string;
  /** 1 to 65,535 */
  readonly port: number;
  /** The address to connect to, already resolved from `host`. */
  readonly address?: string;
  /** What is spoken in the clear until TLS begins; TLS begins at once by default. */
  readonly starttls?: StarttlsProtocol;
  /** The name that an XMPP stream is opened to; `host` by default. */
  readonly domain?: string;
  /** What the connection goes through; nothing by default. */
  readonly proxy?: HttpProxy;
}

/** What a connection may cost at most; it ends, whatever the peer does. */
export interface Limits {
  /** For the TCP handshake, name resolution included, in milliseconds; what a proxy and STARTTLS say is not in it. */
  readonly connectTimeoutMs: number;
  /** For everything from the first packet on, in milliseconds: an absolute deadline, not an idle timer. */
  readonly timeoutMs: number;
  /** Octets that are read. */
  readonly maxBytes: number;
  /** TLS records that are read during the handshake. */
  readonly maxRecords: number;
  /** Octets of one handshake message. */
  readonly maxMessageBytes: number;
}

/** Enough for every honest server, and an end to every other one. */
export const DEFAULT_LIMITS: Limits = {
  connectTimeoutMs: 3_000,
  timeoutMs: 5_000,
  maxBytes: 1_048_576,
  maxRecords: 64,
  maxMessageBytes: 262_144,
};

/** Why there is no connection that TLS could begin on. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly why: UnreachableReason;
  /** The system's code, `ECONNREFUSED`, `EHOSTUNREACH` …; null for our own deadline. */
  readonly code: string | null;
  /** What the proxy or the server said in place of a yes; null or absent where it said nothing. */
  readonly said?: string | null;
}

/** What went wrong with TCP, with the way through a proxy, or with the talk before TLS. */
export type UnreachableReason =
  | 'refused'
  | 'name-not-found'
  | 'connect-timeout'
  | 'network'
  | 'proxy-unreachable'
  | `proxy-${TalkFailure}`
  | `starttls-${TalkFailure}`;

/** An open connection, TLS being next, and the moment, on the clock of `performance.now()`, when it must be over. */
export interface Opened {
  readonly kind: 'opened';
  readonly socket: Socket;
  readonly deadline: number;
  /** How long the TCP handshake took, in milliseconds. */
  readonly connectMs: number;
  /** The address of the endpoint; null where a proxy has connected to it. */
  readonly address: string | null;
  /** Whether the server said more in the clear after it had agreed to TLS. It is thrown away: a client that takes it for
   *  something said within TLS can be made to believe anything (RFC 3207 §6, CVE-2021-38371 and its kin). */
  readonly leftover: boolean;
}

/** The peer took the connection and reset it at once. */
export interface ResetAtOnce {
  readonly kind: 'reset';
}

/** Opens a connection and brings it to where TLS begins: the only place in this layer that does. The socket has Nagle's
 *  algorithm off, so that a hello leaves at once, and an error listener, so that a reset that nobody waits for harms nobody. */
export async function connect(target: Target, limits: Limits): Promise<Opened | Unreachable | ResetAtOnce> {
  const { proxy, starttls, address, host, port } = target;
  const dialled = await dial(proxy ?? { host: address ?? host, port }, limits);
  if (dialled.kind === 'opened') return proxy || starttls ? prepare(target, dialled, limits) : dialled;
  if (!proxy) return dialled;
  const why = dialled.kind === 'reset' ? 'proxy-closed' : 'proxy-unreachable';
  return { kind: 'unreachable', why, code: dialled.kind === 'reset' ? 'ECONNRESET' : dialled.code };
}

function dial(
  { host, port }: Pick<Target, 'host' | 'port'>,
  limits: Limits,
): Promise<Opened | Unreachable | ResetAtOnce> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = tcpConnect({ host, port, noDelay: true });
    const timer = setTimeout(
      () => fail({ kind: 'unreachable', why: 'connect-timeout', code: null }),
      Math.min(limits.connectTimeoutMs, limits.timeoutMs),
    );
    const fail = (failure: Unreachable | ResetAtOnce): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(failure);
    };
    socket.on('error', (error: NodeJS.ErrnoException) => fail(failureOf(error)));
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error').on('error', () => {});
      const connectMs = performance.now() - startedAt;
      const deadline = startedAt + limits.timeoutMs;
      const address = socket.remoteAddress ?? null;
      resolve({ kind: 'opened', socket, deadline, connectMs, address, leftover: false });
    });
  });
}

/** Says all that has to be said before TLS. */
async function prepare(target: Target, opened: Opened, limits: Limits): Promise<Opened | Unreachable> {
  const { proxy, starttls, host, port, domain } = target;
  const { socket } = opened;
  const talk = new PlainTalk(socket, opened.deadline, limits.maxBytes);
  let stage: 'proxy' | 'starttls' = 'proxy';
  try {
    if (proxy) await connectThrough(talk, proxy, { host: target.address ?? host, port });
    stage = 'starttls';
    if (starttls) await STARTTLS[starttls].negotiate(talk, { domain: domain ?? host, port });
  } catch (error) {
    talk.finish();
    closeWithReset(socket);
    if (!(error instanceof TalkFailed)) throw error;
    return { kind: 'unreachable', why: `${stage}-${error.failure}`, code: null, said: error.said };
  }
  const rest = talk.finish();
  if (!starttls && rest.length > 0) socket.unshift(rest); // the endpoint's first words came with the proxy's last
  const leftover = starttls !== undefined && rest.length > 0;
  return { ...opened, address: proxy ? null : opened.address, leftover };
}

/** Closes with RST: no TIME_WAIT is left behind, and nothing that is still on its way is waited for. Where the peer has
 *  closed before, TIME_WAIT is its own, and Node's reset would come amid Node's own end of the socket: it fails with EINVAL,
 *  leaves the handle open, and the process never exits. */
export function closeWithReset(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.readableEnded || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

function failureOf(error: NodeJS.ErrnoException): Unreachable | ResetAtOnce {
  const code = codeOf(error);
  if (code === 'ECONNRESET') return { kind: 'reset' };
  return { kind: 'unreachable', why: REASONS[code ?? ''] ?? 'network', code };
}

/** Happy Eyeballs (RFC 8305) gives one error for all addresses that were tried: the first one speaks. */
function codeOf(error: NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }): string | null {
  return error.code ?? error.errors?.[0]?.code ?? null;
}

const REASONS: Readonly<Record<string, UnreachableReason>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  EAI_NONAME: 'name-not-found',
  ETIMEDOUT: 'connect-timeout',
};
