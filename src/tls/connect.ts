import { type Socket, connect as tcpConnect } from 'node:net';

/** Where a connection goes to. */
export interface Target {
  /** A DNS name or an address; a name is resolved where no `address` is given. */
  readonly host: string;
  /** 1 to 65,535 */
  readonly port: number;
  /** The address to connect to, already resolved from `host`. */
  readonly address?: string;
}

/** What a connection may cost at most; it ends, whatever the peer does. */
export interface Limits {
  /** For the TCP handshake, name resolution included, in milliseconds. */
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

/** Why no TCP connection came to be. */
export interface Unreachable {
  readonly kind: 'unreachable';
  readonly why: 'refused' | 'name-not-found' | 'connect-timeout' | 'network';
  /** The system's code, `ECONNREFUSED`, `EHOSTUNREACH` …; null for our own deadline. */
  readonly code: string | null;
}

/** An open connection and the moment, on the clock of `performance.now()`, when it must be over. */
export interface Opened {
  readonly kind: 'opened';
  readonly socket: Socket;
  readonly deadline: number;
  /** How long the TCP handshake took, in milliseconds. */
  readonly connectMs: number;
}

/** The peer took the connection and reset it at once. */
export interface ResetAtOnce {
  readonly kind: 'reset';
}

/** Opens a TCP connection: the only place in this layer that does. The socket has Nagle's algorithm off, so that a hello
 *  leaves at once, and an error listener, so that a reset that nobody waits for harms nobody. */
export function connect(target: Target, limits: Limits): Promise<Opened | Unreachable | ResetAtOnce> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = tcpConnect({ host: target.address ?? target.host, port: target.port, noDelay: true });
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
      resolve({ kind: 'opened', socket, deadline: startedAt + limits.timeoutMs, connectMs });
    });
  });
}

/** Closes with RST: no TIME_WAIT is left behind, and nothing that is still on its way is waited for. */
export function closeWithReset(socket: Socket): void {
  if (!socket.destroyed) socket.resetAndDestroy();
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

const REASONS: Readonly<Record<string, Unreachable['why']>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  EAI_NONAME: 'name-not-found',
  ETIMEDOUT: 'connect-timeout',
};
