import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { defaultRules } from './access-rules.js';
import type { RequestHandler } from './app.js';
import { storeRefusal } from './client-refusal.js';
import { ClientStanding } from './client-standing.js';
import { handshakeFailure } from './handshake-failure.js';
import { httpsOptions } from './https-options.js';
import { ClientJudge, type ClientVerdict } from './judge-client.js';
import { addressOf, type ListenAddress, listenOn } from './listen.js';
import { readPage } from './page/page-document.js';
import { refuseConnection } from './refuse-connection.js';
import { RevocationGuard } from './revocation-guard.js';
import type { ServerContext } from './server-context.js';
import { ServerCounts } from './server-counts.js';
import type { ClientRefusal, RefusedEvent } from './server-event.js';
import {
  DEFAULT_LIMITS,
  DEFAULT_RATE_LIMIT,
  type ServerLimits,
  type ServerSettings,
} from './server-settings.js';

export interface RunningServer {
  readonly address: ListenAddress;
  /** Takes no more connections, gives open requests two seconds, and ends. */
  close(): Promise<void>;
}

/** Starts the demo API: HTTPS on TLS 1.2 and 1.3, for clients of that CA.
 *  @throws SslapiError ERR_LISTEN */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const server = new ApiServer(settings);
  await server.listen();
  return server;
}

/** Judges who connects, hands those that are let in to the app, and keeps an eye on them. */
class ApiServer implements RunningServer {
  readonly #settings: ServerSettings;
  readonly #limits: ServerLimits;
  readonly #server: Server;
  readonly #speakHttp: readonly ((socket: TLSSocket) => void)[];
  readonly #judge: ClientJudge;
  readonly #standing: ClientStanding;
  readonly #guard: RevocationGuard;
  readonly #counts = new ServerCounts();
  readonly #page = readPage();
  readonly #sockets = new Set<Socket>();
  #app: FastifyInstance | null = null;

  constructor(settings: ServerSettings) {
    this.#settings = settings;
    this.#limits = { ...DEFAULT_LIMITS, ...settings.limits };
    this.#judge = new ClientJudge(settings.ca);
    this.#standing = new ClientStanding(settings.ca);
    this.#guard = new RevocationGuard(this.#standing, (socket, refusal) => {
      this.#report(socket, refusal, 'open connection');
      socket.destroy();
    });
    this.#server = createServer(httpsOptions(settings, this.#limits));
    this.#speakHttp = this.#server.listeners('secureConnection') as Array<(socket: TLSSocket) => void>;
    this.#server.removeAllListeners('secureConnection');
    this.#watchConnections();
  }

  get address(): ListenAddress {
    return addressOf(this.#server);
  }

  async listen(): Promise<void> {
    try {
      const { buildApp } = await import('./app.js'); // loading the framework takes a while, which nobody else waits for
      this.#app = await buildApp(this.#context(), (handle) => this.#answerWith(handle));
      await listenOn(this.#server, this.#settings.listen);
    } catch (error) {
      this.#guard.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#guard.stop();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const end = setTimeout(() => this.#destroyAll(), CLOSE_GRACE_MS);
    await this.#app?.close();
    await closed;
    clearTimeout(end);
  }

  #context(): ServerContext {
    const { ca, clientAuth, rateLimit = DEFAULT_RATE_LIMIT } = this.#settings;
    const access = this.#settings.access ?? defaultRules(clientAuth);
    return {
      ca,
      clientAuth,
      limits: this.#limits,
      rateLimit,
      access: () => access,
      clientOf: (request) => this.#guard.clientOf(socketOf(request)),
      standing: (client) => this.#standing.of(client),
      report: (request, refusal) => this.#report(socketOf(request), refusal, 'request'),
      page: this.#page,
      liveCounts: () => this.#counts.live(),
      readiness: () => this.#readiness(),
    };
  }

  #answerWith(handle: RequestHandler): Server {
    const answer: RequestHandler = (request, response) => {
      this.#counts.requests += 1;
      handle(request, response);
    };
    // A client that waits to be asked for its body is asked once the gatekeeper has let it through.
    for (const event of ['request', 'checkContinue', 'checkExpectation']) this.#server.on(event, answer);
    return this.#server;
  }

  #watchConnections(): void {
    const server = this.#server;
    server.timeout = this.#limits.idleMs;
    server.maxConnections = this.#limits.connections;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      this.#counts.openConnections += 1;
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#counts.openConnections -= 1;
      });
    });
    server.on('tlsClientError', (error, socket) => {
      const refusal = handshakeFailure(error);
      if (refusal !== null) this.#report(socket, refusal, 'handshake');
      socket.destroy();
    });
    server.on('secureConnection', (socket: TLSSocket) => void this.#admit(socket));
  }

  /** Without a wait where the client is known, as it mostly is. */
  async #admit(socket: TLSSocket): Promise<void> {
    this.#counts.handshakes += 1;
    if (socket.isSessionReused()) this.#counts.resumed += 1;
    socket.on('error', () => socket.destroy());
    socket.disableRenegotiation(); // TLS 1.2 could change the certificate under way
    const verdict = this.#verdictOn(socket);
    if (verdict?.kind === 'refused') return this.#refuse(socket, verdict.refusal);
    if (verdict?.kind === 'verified') {
      const standing = this.#standing.of(verdict.client);
      const refusal = standing instanceof Promise ? await standing : standing;
      if (socket.destroyed) return;
      if (refusal !== null) return this.#refuse(socket, refusal);
      this.#guard.watch(socket, verdict.client);
    }
    for (const speak of this.#speakHttp) speak.call(this.#server, socket);
  }

  /** Null for a client that may come without a certificate, and does. */
  #verdictOn(socket: TLSSocket): ClientVerdict | null {
    const { clientAuth } = this.#settings;
    if (clientAuth === 'off') return null;
    const verdict = this.#judge.judge(socket, new Date());
    const isAnonymous = verdict.kind === 'refused' && verdict.refusal.code === 'no-certificate';
    return isAnonymous && clientAuth === 'optional' ? null : verdict;
  }

  #refuse(socket: TLSSocket, refusal: ClientRefusal): void {
    this.#report(socket, refusal, 'handshake');
    refuseConnection(socket, refusal, this.#page);
  }

  /** What keeps us from telling whether somebody is revoked. */
  async #readiness(): Promise<ClientRefusal[]> {
    try {
      await this.#standing.refresh();
      return [];
    } catch (error) {
      return [storeRefusal(error)];
    }
  }

  #report(socket: Socket, refusal: ClientRefusal, during: RefusedEvent['during']): void {
    const { remoteAddress, remotePort } = socket; // gone where the handshake failed by an alert
    const client = remoteAddress === undefined ? null : `${remoteAddress}:${remotePort}`;
    const event: RefusedEvent = { kind: 'refused', at: new Date(), client, during, ...refusal };
    this.#counts.countRefusal(event);
    this.#settings.onEvent?.(event);
  }

  #destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function socketOf({ raw }: FastifyRequest): TLSSocket {
  return (raw as IncomingMessage).socket as TLSSocket;
}

const CLOSE_GRACE_MS = 2_000;
