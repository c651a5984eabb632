import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Items } from '../store/items.js';
import { type AccessRules, defaultRules } from './access-rules.js';
import { Admission } from './admission.js';
import { STORE_UNAVAILABLE } from './answer.js';
import type { RequestHandler } from './app.js';
import type { Caller } from './caller.js';
import { refusalOf, refusedEvent } from './client-refusal.js';
import { Connections } from './connections.js';
import { httpsOptions, secureContextOptions } from './https-options.js';
import { keepTicksFast } from './keep-ticks-fast.js';
import { addressOf, type ListenAddress, listenOn } from './listen.js';
import { readPage } from './page/page-document.js';
import { refuseConnection } from './refuse-connection.js';
import { checkServerCertificate } from './server-certificate.js';
import type { ServerContext } from './server-context.js';
import { ServerCounts } from './server-counts.js';
import type { ClientRefusal, RefusedEvent, ServerEvent } from './server-event.js';
import { endedFacts, type Impediment } from './server-facts.js';
import {
  DEFAULT_LIMITS,
  DEFAULT_RATE_LIMIT,
  type ServerCertificate,
  type ServerChange,
  type ServerLimits,
  type ServerSettings,
} from './server-settings.js';

export interface RunningServer {
  readonly address: ListenAddress;
  /** Exchanges parts of it; connections that are open go on, but for clients that are trusted no more. All or nothing.
   *  @throws SslapiError ERR_KEY_MISMATCH, ERR_VALIDITY_INVALID where the server's certificate is no good */
  use(change: ServerChange): void;
  /** Counts and logs what happened to what it is made of. */
  tell(event: ServerEvent): void;
  /** Takes no more connections, lets open requests end, and ends.
   *  @param graceMs how long at most; as the limits say by default */
  close(graceMs?: number): Promise<void>;
}

/** Starts the demo API: HTTPS on TLS 1.2 and 1.3, for clients of that CA.
 *  @throws SslapiError ERR_LISTEN */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  keepTicksFast();
  const server = new ApiServer(settings);
  await server.listen();
  return server;
}

/** Hands connections that are let in to the app. */
class ApiServer implements RunningServer {
  readonly #settings: ServerSettings;
  readonly #limits: ServerLimits;
  readonly #server: Server;
  readonly #speakHttp: readonly ((socket: TLSSocket) => void)[];
  readonly #admission: Admission;
  readonly #counts = new ServerCounts(() => this.#connections.count);
  readonly #page = readPage();
  readonly #connections: Connections;
  #certificate: ServerCertificate;
  #access: AccessRules;
  #items: Items | undefined;
  #app: FastifyInstance | null = null;
  #isStopping = false;

  constructor(settings: ServerSettings) {
    const { ca, clientAuth, server, access, items, limits } = settings;
    this.#settings = settings;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#certificate = server;
    this.#access = access ?? defaultRules(clientAuth);
    this.#items = items;
    this.#admission = new Admission(ca, clientAuth, (socket, refusal) => {
      this.#report(socket, refusal, 'open connection');
      socket.destroy();
    });
    this.#server = createServer({
      ...httpsOptions(clientAuth, this.#limits),
      ...secureContextOptions(server, ca),
    });
    this.#speakHttp = this.#server.listeners('secureConnection') as Array<(socket: TLSSocket) => void>;
    this.#server.removeAllListeners('secureConnection');
    this.#server.on('secureConnection', (socket: TLSSocket) => this.#receive(socket));
    this.#connections = new Connections(this.#server, this.#limits, this.#counts, (...refused) =>
      this.#report(...refused),
    );
  }

  get address(): ListenAddress {
    return addressOf(this.#server);
  }

  use(change: ServerChange): void {
    const { access = this.#access, server = this.#certificate, ca = this.#admission.ca } = change;
    if (server !== this.#certificate || ca !== this.#admission.ca) {
      const options = secureContextOptions(server, ca);
      checkServerCertificate(server, options, new Date());
      this.#server.setSecureContext(options); // tickets of before are good no more
    }
    this.#access = access;
    this.#items = change.items ?? this.#items;
    this.#certificate = server;
    if (ca !== this.#admission.ca) this.#admission.use(ca);
  }

  tell(event: ServerEvent): void {
    if (event.kind === 'reloaded' || event.kind === 'kept') this.#counts.countReload(event);
    else if (event.kind === 'refused') this.#counts.countRefusal(event);
    this.#settings.onEvent?.(event);
  }

  async listen(): Promise<void> {
    try {
      const { buildApp } = await import('./app.js'); // loading the framework takes a while, which nobody else waits for
      this.#app = await buildApp(this.#context(), (handle) => this.#answerWith(handle));
      await listenOn(this.#server, this.#settings.listen);
    } catch (error) {
      this.#admission.stop();
      throw error;
    }
  }

  async close(graceMs = this.#limits.stopMs): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const { openConnections } = this.#counts;
    if (openConnections > 0) this.tell({ kind: 'stopping', at: new Date(), openConnections });
    await Promise.all([this.#connections.end(graceMs), this.#app?.close()]);
    this.#admission.stop(); // not before the last connection has ended
  }

  #context(): ServerContext {
    const { clientAuth, rateLimit = DEFAULT_RATE_LIMIT, version = 'unknown' } = this.#settings;
    return {
      ca: () => this.#admission.ca,
      items: () => this.#items,
      clientAuth,
      limits: this.#limits,
      rateLimit,
      access: () => this.#access,
      clientOf: (request) => this.#admission.clientOf(socketOf(request)),
      standing: (client, now) => this.#admission.standing(client, now),
      report: (request, refusal) => this.#report(socketOf(request), refusal, 'request'),
      breakOff: (error, socket) => this.#connections.breakOff(error, socket as TLSSocket),
      page: this.#page,
      liveCounts: () => this.#counts.live(),
      counts: this.#counts,
      serverCertificate: () => this.#certificate,
      version,
      impediments: () => this.#impediments(),
    };
  }

  async #impediments(): Promise<Impediment[]> {
    if (this.#isStopping) return [STOPPING];
    try {
      await this.#admission.refresh();
      return await endedFacts(this.#admission.ca, this.#certificate, new Date());
    } catch {
      const [message, fix] = STORE_UNAVAILABLE;
      return [{ code: 'store-unavailable', message, fix }];
    }
  }

  #answerWith(handle: RequestHandler): Server {
    const answer: RequestHandler = (request, response) =>
      this.#connections.take(request, response, () => {
        this.#counts.requests += 1;
        handle(request, response);
      });
    // A client that waits to be asked for its body is asked once the gatekeeper has let it through.
    for (const event of ['request', 'checkContinue', 'checkExpectation']) this.#server.on(event, answer);
    return this.#server;
  }

  #receive(socket: TLSSocket): void {
    this.#counts.countHandshake(socket.getProtocol(), socket.isSessionReused());
    this.#connections.keep(socket);
    const refusal = this.#admission.admit(socket);
    if (refusal instanceof Promise) void refusal.then((late) => this.#answerTo(socket, late));
    else this.#answerTo(socket, refusal);
  }

  #answerTo(socket: TLSSocket, refusal: ClientRefusal | null): void {
    if (socket.destroyed) return;
    const client = this.#admission.clientOf(socket);
    const why = refusal ?? (client === undefined ? null : this.#connections.excess(socket, client));
    if (why === null) {
      for (const speak of this.#speakHttp) speak.call(this.#server, socket);
      return;
    }
    this.#report(socket, why, 'handshake');
    refuseConnection(socket, why, this.#page);
  }

  #report(caller: Caller, refusal: ClientRefusal, during: RefusedEvent['during']): void {
    const client = this.#admission.clientOf(caller as TLSSocket);
    this.tell(refusedEvent(caller, refusalOf(refusal, client?.leaf), during));
  }
}

function socketOf({ raw }: FastifyRequest): TLSSocket {
  return (raw as IncomingMessage).socket as TLSSocket;
}

const STOPPING: Impediment = {
  code: 'stopping',
  message: 'the server is about to end',
  fix: 'ask another one',
};
