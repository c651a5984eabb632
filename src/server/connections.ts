import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { breakOff, refuseTunnel } from './break-off.js';
import type { Caller } from './caller.js';
import { answerNotRead, serverRefusal } from './client-refusal.js';
import { ConnectionBounds } from './connection-bounds.js';
import { handshakeFailure } from './handshake-failure.js';
import type { VerifiedClient } from './judge-client.js';
import { RequestTurns } from './request-turns.js';
import type { ServerCounts } from './server-counts.js';
import type { ClientRefusal, RefusedEvent } from './server-event.js';
import type { ServerLimits } from './server-settings.js';
import { UnreadAnswers } from './unread-answers.js';

/** Says in the log that somebody is refused. */
export type Report = (who: Caller, refusal: ClientRefusal, during: RefusedEvent['during']) => void;

/** The connections of a server, whoever they are of: how many and how long they may be, and what breaks them off. */
export class Connections {
  readonly #server: Server;
  readonly #report: Report;
  readonly #bounds: ConnectionBounds;
  readonly #unread: UnreadAnswers;
  readonly #turns: RequestTurns;

  constructor(server: Server, limits: ServerLimits, counts: ServerCounts, report: Report) {
    this.#server = server;
    this.#report = report;
    this.#bounds = new ConnectionBounds(limits);
    this.#turns = new RequestTurns(limits.pipelined);
    this.#unread = new UnreadAnswers(limits.idleMs, (socket) => {
      report(socket, answerNotRead(), 'open connection');
      socket.destroy();
    });
    server.on('connection', (socket: Socket) => {
      const leaving = this.#bounds.add(socket);
      if (leaving === null) return;
      report(leaving, TOO_MANY, 'handshake');
      leaving.destroy();
    });
    server.removeAllListeners('tlsClientError'); // Node would take it for a fault of HTTP, and forget the address
    server.on('tlsClientError', (error, socket) => {
      const refusal = handshakeFailure(error);
      if (refusal !== null) report(socket, refusal, 'handshake');
      socket.destroy();
    });
    server.on('connect', (_request, socket: Socket) =>
      refuseTunnel(socket, (why) => report(socket as TLSSocket, why, 'request')),
    );
    server.on('timeout', (socket) => {
      counts.idle += 1;
      socket.destroy();
    });
  }

  /** How many are open. */
  get count(): number {
    return this.#bounds.count;
  }

  /** Looks after a connection whose handshake is done. */
  keep(socket: TLSSocket): void {
    socket.disableRenegotiation(); // TLS 1.2 could change the certificate under way
    this.#unread.watch(socket);
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ERR_TLS_RENEGOTIATION_DISABLED') this.#report(socket, RENEGOTIATION, 'open connection');
      socket.destroy();
    });
  }

  /** What keeps a client that was let in from having one more; null where nothing does. */
  excess(socket: TLSSocket, client: VerifiedClient): ClientRefusal | null {
    if (this.#bounds.admit(socket, client.identity.key)) return null;
    return TOO_MANY_OF_ONE;
  }

  /** Has a request answered once its turn has come; where too many wait for theirs, the connection ends. */
  take(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
    const { socket } = request;
    if (socket.destroyed || this.#turns.take(request, response, answer)) return;
    this.#report(socket, TOO_MANY_AT_ONCE, 'open connection');
    destroyCheaply(socket);
  }

  /** Ends a connection on which something came that is no request. */
  breakOff(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    breakOff(error, socket, (why) => this.#report(socket, why, 'request'));
  }

  /** Takes no more, ends what is idle, gives what is being answered so much time, and then ends it. */
  async end(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const idle = setInterval(() => this.#server.closeIdleConnections(), IDLE_LOOK_MS);
    const late = setTimeout(() => this.#bounds.destroyAll(), graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(late);
    this.#unread.stop();
  }
}

/** Node makes an error for each request that is cut off, which nobody reads; most of what that costs is tracing where it was. */
function destroyCheaply(socket: ParsedSocket): void {
  if (socket.parser) socket.parser.onIncoming = () => NOT_HTTP;
  socket.prependListener('close', () => {
    Error.stackTraceLimit = 0;
  });
  socket.on('close', () => {
    Error.stackTraceLimit = TRACED;
  });
  socket.destroy();
}

/** What Node reads requests with, of which it hands on each. */
interface ParsedSocket extends Socket {
  readonly parser?: { onIncoming: () => number } | null;
}

const TOO_MANY = serverRefusal(
  'too-many-connections',
  'there were too many connections, and this one had waited longest without being let in',
  'shake hands at once; see who else connects',
);
const TOO_MANY_OF_ONE = serverRefusal(
  'too-many-connections',
  'this client has as many connections as it may',
  'keep fewer of them open',
);
const TOO_MANY_AT_ONCE = serverRefusal(
  'answer-not-read',
  'the client asks for more without reading what it asked for',
  'let it wait for its answers before it asks for so much more',
);
const RENEGOTIATION = serverRefusal(
  'renegotiation',
  'a second handshake in a connection is not taken',
  'let it make a new connection',
);
/** That what follows is no HTTP, as after an Upgrade: so the parser ends, which else goes on through all that came at once, though
 *  nobody listens any more. */
const NOT_HTTP = 2;
const IDLE_LOOK_MS = 100;
const TRACED = Error.stackTraceLimit;
