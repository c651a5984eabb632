import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { answerText } from './answer.js';
import { serverRefusal } from './client-refusal.js';
import { handshakeFailure } from './handshake-failure.js';
import { httpFailure } from './http-failure.js';
import { sayLast } from './last-words.js';
import type { ServerCounts } from './server-counts.js';
import type { ClientRefusal, RefusedEvent } from './server-event.js';
import type { ServerLimits } from './server-settings.js';

/** Says in the log that somebody is refused. */
export type Report = (who: Caller, refusal: ClientRefusal, during: RefusedEvent['during']) => void;

/** Whose connection it is; Node forgets it where a handshake failed by an alert. */
export type Caller = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/** The connections of a server, whoever they are of: how many and how long they may be, and what breaks them off. */
export class Connections {
  readonly #server: Server;
  readonly #report: Report;
  readonly #open = new Set<Socket>();
  readonly #brokenOff = new WeakSet<Socket>();

  constructor(server: Server, { idleMs, connections }: ServerLimits, counts: ServerCounts, report: Report) {
    this.#server = server;
    this.#report = report;
    server.timeout = idleMs;
    server.maxConnections = connections;
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      counts.openConnections += 1;
      socket.once('close', () => {
        this.#open.delete(socket);
        counts.openConnections -= 1;
      });
    });
    server.on('drop', (caller) => report(caller ?? {}, TOO_MANY, 'handshake'));
    server.on('tlsClientError', (error, socket) => {
      const refusal = handshakeFailure(error);
      if (refusal !== null) report(socket, refusal, 'handshake');
      socket.destroy();
    });
    server.on('timeout', (socket) => {
      if (socket.writableLength > 0) report(socket, NOT_READ, 'open connection');
      else counts.idle += 1;
      socket.destroy();
    });
  }

  /** Looks after a connection whose handshake is done. */
  keep(socket: TLSSocket): void {
    socket.disableRenegotiation(); // TLS 1.2 could change the certificate under way
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ERR_TLS_RENEGOTIATION_DISABLED') this.#report(socket, RENEGOTIATION, 'open connection');
      socket.destroy();
    });
  }

  /** Ends a connection on which something came that is no request. */
  breakOff(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    const failure = httpFailure(error);
    if (failure === null || socket.destroyed || this.#brokenOff.has(socket)) {
      socket.destroy();
      return;
    }
    this.#brokenOff.add(socket);
    if (error.code === PAUSED) {
      this.#report(socket, NOT_READ, 'open connection');
      socket.destroy();
      return;
    }
    const { code, message, fix, answer } = failure;
    this.#report(socket, serverRefusal(code, message, fix), 'request');
    if (socket.writable && !isAnswering(socket)) sayLast(socket, answerText(answer));
    else socket.destroy();
  }

  /** Takes no more, ends what is idle, gives what is being answered so much time, and then ends it. */
  async end(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const idle = setInterval(() => this.#server.closeIdleConnections(), IDLE_LOOK_MS);
    const late = setTimeout(() => {
      for (const socket of this.#open) socket.destroy();
    }, graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
  }
}

/** Node keeps the answer that is under way there; another one in the middle of it would be nonsense. */
function isAnswering(socket: TLSSocket & { _httpMessage?: { headersSent: boolean } | null }): boolean {
  return socket._httpMessage?.headersSent ?? false;
}

const TOO_MANY = serverRefusal(
  'too-many-connections',
  'there are too many connections',
  'see who holds them, or wait until some have ended',
);
const NOT_READ = serverRefusal(
  'answer-not-read',
  'the client does not read what it asked for',
  'let it read its answers',
);
const RENEGOTIATION = serverRefusal(
  'renegotiation',
  'a second handshake in a connection is not taken',
  'let it make a new connection',
);
/** Node's parser waits for answers to be read, and more requests come all the same. */
const PAUSED = 'HPE_PAUSED';
const IDLE_LOOK_MS = 100;
