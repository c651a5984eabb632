import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { isoSeconds } from '../../x509/whole-seconds.js';
import { breakOff, refuseTunnel } from '../break-off.js';
import type { Caller } from '../caller.js';
import { answerNotRead, refusedEvent, serverRefusal } from '../client-refusal.js';
import { ConnectionBounds } from '../connection-bounds.js';
import { addressOf, type ListenAddress, listenOn } from '../listen.js';
import { requestPath } from '../request-path.js';
import type { ClientRefusal, PublicFaultEvent, RefusedEvent } from '../server-event.js';
import { DEFAULT_LIMITS, type ServerLimits } from '../server-settings.js';
import { cachingHeaders, isUnchanged } from './caching.js';
import { PUBLICATIONS } from './publications.js';
import { PublishedFile, type Representation } from './published-file.js';

export interface PublicSettings {
  /** The pki folder. */
  readonly pki: string;
  readonly listen: ListenAddress;
  readonly limits?: Partial<ServerLimits>;
  readonly onEvent?: (event: PublicFaultEvent | RefusedEvent) => void;
}

export interface RunningPublicServer {
  readonly address: ListenAddress;
  /** Takes no more connections, gives open ones two seconds, and ends. */
  close(): Promise<void>;
}

/** Gives CRLs and CA certificates to everybody, over HTTP without TLS: who fetches a CRL cannot check a certificate yet
 *  (RFC 5280 §8), and they are signed.
 *  @throws SslapiError ERR_LISTEN */
export async function startPublicServer(settings: PublicSettings): Promise<RunningPublicServer> {
  const server = new PublicServer(settings);
  await server.listen(settings.listen);
  return server;
}

/** Knows its files by name: no path of a request is ever put together with one of a folder. */
class PublicServer implements RunningPublicServer {
  readonly #files: ReadonlyMap<string, PublishedFile>;
  readonly #server: Server;
  readonly #onEvent: (event: PublicFaultEvent | RefusedEvent) => void;
  readonly #told = new Map<string, string>();

  constructor({ pki, limits, onEvent = () => undefined }: PublicSettings) {
    const bounds = { ...DEFAULT_LIMITS, ...limits };
    const { headersMs, requestMs, idleMs, headerBytes } = bounds;
    this.#files = new Map(PUBLICATIONS.map((one) => [one.path, new PublishedFile(pki, one)]));
    this.#onEvent = onEvent;
    this.#server = createServer(
      {
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        connectionsCheckingInterval: 500,
        maxHeaderSize: headerBytes,
      },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.timeout = idleMs;
    this.#server.on('connect', (_request, socket: Socket) =>
      refuseTunnel(socket, (why) => this.#refuse(socket, why)),
    );
    this.#makeRoom(new ConnectionBounds(bounds));
    this.#server.on('timeout', (socket) => this.#end(socket, answerNotRead()));
    this.#server.on('clientError', (error, socket) =>
      breakOff(error, socket as Socket, (why) => this.#refuse(socket as Socket, why)),
    );
  }

  /** Nobody is let in here: whoever came first makes room, so holding on to connections keeps nobody else out. */
  #makeRoom(bounds: ConnectionBounds): void {
    this.#server.on('connection', (socket: Socket) => {
      const leaving = bounds.add(socket);
      if (leaving !== null) this.#end(leaving, TOO_MANY);
    });
  }

  get address(): ListenAddress {
    return addressOf(this.#server);
  }

  listen(address: ListenAddress): Promise<void> {
    return listenOn(this.#server, address, '--public-listen');
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const end = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(end);
  }

  #end(socket: Socket, why: ClientRefusal): void {
    if (!socket.destroyed) this.#refuse(socket, why);
    socket.destroy();
  }

  #refuse(caller: Caller, why: ClientRefusal): void {
    this.#onEvent(refusedEvent(caller, why, 'public request'));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // One request for each connection: whoever sends the next before its answer is there would have us keep them all.
    if (response.socket === null) return this.#end(request.socket, TOO_MANY_AT_ONCE);
    response.shouldKeepAlive = false;
    response.setHeader('x-content-type-options', 'nosniff');
    const path = requestPath((request.url ?? '').replace(ORIGIN, '') || '/');
    const file = this.#files.get(path ?? '');
    if (file === undefined && path !== '/')
      return say(response, 404, 'There is no such thing here; / lists what there is.');
    if (!READS.has(request.method ?? '')) {
      response.setHeader('allow', [...READS].join(', '));
      return say(response, 405, 'This can be read only.');
    }
    if (file === undefined) return say(response, 200, await this.#index());
    await this.#send(file, request, response);
  }

  async #send(file: PublishedFile, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, title, contentType } = file.publication;
    const what = await this.#current(file);
    if (what === 'broken') return say(response, 503, `The ${title} cannot be read at the moment.`);
    if (what === null) return say(response, 404, `There is no ${path.slice(1)} (${title}) here.`);
    const now = new Date();
    const caching = cachingHeaders(what, now);
    if (isUnchanged(headers, what, now)) return void response.writeHead(304, caching).end();
    const fixed = { 'content-type': contentType, 'content-length': what.body.length };
    response.writeHead(200, { ...fixed, ...caching }).end(what.body); // Node leaves out the body after HEAD
  }

  async #index(): Promise<string> {
    const lines: string[] = [];
    for (const file of this.#files.values()) {
      const what = await this.#current(file);
      if (what === null || what === 'broken') continue;
      const until = what.nextUpdate === null ? '' : `, until ${isoSeconds(what.nextUpdate)}`;
      lines.push(`${file.publication.path.padEnd(NAME_WIDTH)}${file.publication.title}${until}`);
    }
    return lines.join('\n');
  }

  /** What a file is now, and into the log what is wrong with it. */
  async #current(file: PublishedFile): Promise<Representation | null | 'broken'> {
    const { path, file: name, isAlwaysThere } = file.publication;
    try {
      const what = await file.current();
      if (what === null) this.#tell(path, isAlwaysThere ? `pki/${name} is missing` : null, 'restore it');
      else if (what.nextUpdate !== null && what.nextUpdate < new Date())
        this.#tell(path, `the CRL ended on ${isoSeconds(what.nextUpdate)}`, 'sslapi gen-crl --refresh');
      else this.#tell(path, null);
      return what;
    } catch (error) {
      this.#tell(path, `pki/${name} cannot be read: ${(error as Error).message}`, 'put the file right');
      return 'broken';
    }
  }

  /** Once, not with each request that meets it. */
  #tell(path: string, message: string | null, fix = ''): void {
    if (message === null) this.#told.delete(path);
    else if (this.#told.get(path) !== message) {
      this.#told.set(path, message);
      this.#onEvent({ kind: 'public', at: new Date(), path, message, fix });
    }
  }
}

/** One line, or a few. */
function say(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(`${text}\n`);
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'content-length': body.length,
      'cache-control': 'no-store',
    })
    .end(body);
}

const TOO_MANY = serverRefusal(
  'too-many-connections',
  'there were too many connections for files, and this one had been there longest',
  'ask at once, and read the answer; see who else connects',
);
const TOO_MANY_AT_ONCE = serverRefusal(
  'answer-not-read',
  'the client asks for more before it has the answer to what it asked for',
  'let it make a connection for each file',
);
const READS: ReadonlySet<string> = new Set(['GET', 'HEAD']);
/** Whoever takes us for a proxy names us whole, RFC 9112 §3.2.2. */
const ORIGIN = /^http:\/\/[^/?#]*/i;
const NAME_WIDTH = 16;
const CLOSE_GRACE_MS = 2_000;
