import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { SslapiError } from '../errors.js';
import { policyOf } from '../policy/policies.js';
import { encodePem } from '../x509/pem.js';
import { answerRequest, refusalAnswer, sendAnswer } from './app.js';
import { type ClientAuthority, trustAnchor } from './client-authority.js';
import { serverRefusal } from './client-refusal.js';
import { type ClientVerdict, judgeClient } from './judge-client.js';
import { refuseConnection } from './refuse-connection.js';
import { RevocationGuard, storeRefusal } from './revocation-guard.js';
import type { ClientRefusal, RefusedEvent, ServerEvent } from './server-event.js';

/** Whether clients must present a certificate, may, or are not asked for one. */
export type ClientAuthMode = 'require' | 'optional' | 'off';

export interface ServerSettings {
  readonly ca: ClientAuthority;
  /** Host `*` is every address; port 0 takes a free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The server's certificate with its intermediates, and its key, in PEM. */
  readonly server: { readonly cert: string; readonly key: string };
  readonly clientAuth: ClientAuthMode;
  readonly onEvent?: (event: ServerEvent) => void;
  readonly limits?: Partial<ServerLimits>;
}

/** What a client may cost, slow ones included; times in milliseconds. */
export interface ServerLimits {
  readonly handshakeMs: number;
  readonly headersMs: number;
  readonly requestMs: number;
  /** Between two requests of a connection. */
  readonly keepAliveMs: number;
  /** Without an octet in either direction. */
  readonly idleMs: number;
  readonly headerBytes: number;
  readonly connections: number;
}

export interface RunningServer {
  readonly address: { readonly host: string; readonly port: number };
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

/** OpenSSL is told to let every certificate pass (`rejectUnauthorized: false`), for it would close without an alert and without
 *  telling whom it refused. We judge the moment the handshake is done, before the connection is handed to the HTTP parser: so
 *  nobody is let in by that, and who is refused reads why. */
class ApiServer implements RunningServer {
  readonly #settings: ServerSettings;
  readonly #server: Server;
  readonly #speakHttp: readonly ((socket: TLSSocket) => void)[];
  readonly #guard: RevocationGuard;
  readonly #sockets = new Set<Socket>();

  constructor(settings: ServerSettings) {
    this.#settings = settings;
    this.#guard = new RevocationGuard(settings.ca, (socket, refusal) => {
      this.#report(socket, refusal, 'open connection');
      socket.destroy();
    });
    this.#server = createServer(serverOptions(settings));
    this.#speakHttp = this.#server.listeners('secureConnection') as Array<(socket: TLSSocket) => void>;
    this.#server.removeAllListeners('secureConnection');
    this.#attach(limitsOf(settings));
  }

  get address(): { host: string; port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  async listen(): Promise<void> {
    const { host, port } = this.#settings.listen;
    try {
      this.#server.listen(host === '*' ? { port } : { port, host });
      await once(this.#server, 'listening');
    } catch (error) {
      this.#guard.stop();
      const { code, message } = error as NodeJS.ErrnoException;
      throw new SslapiError(
        'ERR_LISTEN',
        `cannot listen on ${host}:${port}: ${LISTEN_ERRORS[code ?? ''] ?? message}`,
        {
          cause: error,
        },
      );
    }
  }

  async close(): Promise<void> {
    this.#guard.stop();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const end = setTimeout(() => this.#destroyAll(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(end);
  }

  #attach({ idleMs, connections }: ServerLimits): void {
    const server = this.#server;
    server.timeout = idleMs;
    server.maxConnections = connections;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('tlsClientError', (error, socket) => this.#handshakeFailed(error, socket));
    server.on('secureConnection', (socket: TLSSocket) => void this.#admit(socket));
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void this.#answer(request, response);
    server.on('request', answer);
    server.on('checkContinue', answer); // answered without asking for the body
    server.on('checkExpectation', answer);
  }

  async #admit(socket: TLSSocket): Promise<void> {
    socket.on('error', () => socket.destroy());
    socket.disableRenegotiation(); // TLS 1.2 could change the certificate under way
    const verdict = await this.#judge(socket);
    if (socket.destroyed) return;
    if (verdict?.kind === 'refused') {
      this.#report(socket, verdict.refusal, 'handshake');
      refuseConnection(socket, verdict.refusal);
      return;
    }
    if (verdict?.kind === 'verified') this.#guard.watch(socket, verdict.client);
    for (const speak of this.#speakHttp) speak.call(this.#server, socket);
  }

  /** Null for a client that may come without a certificate, and does. */
  async #judge(socket: TLSSocket): Promise<ClientVerdict | null> {
    const { ca, clientAuth } = this.#settings;
    if (clientAuth === 'off') return null;
    try {
      const verdict = await judgeClient(socket, ca, new Date());
      const isAnonymous = verdict.kind === 'refused' && verdict.refusal.code === 'no-certificate';
      return isAnonymous && clientAuth === 'optional' ? null : verdict;
    } catch (error) {
      return { kind: 'refused', refusal: storeRefusal(error) };
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const socket = request.socket as TLSSocket;
    const client = this.#guard.clientOf(socket);
    const refusal = client === undefined ? null : await this.#guard.check(client);
    if (response.destroyed) return;
    if (refusal === null) return sendAnswer(request, response, answerRequest(request, socket, client));
    this.#report(socket, refusal, 'request');
    sendAnswer(request, response, refusalAnswer(refusal));
  }

  #handshakeFailed(error: NodeJS.ErrnoException, socket: TLSSocket): void {
    const refusal = handshakeRefusal(error);
    if (refusal !== null) this.#report(socket, refusal, 'handshake');
    socket.destroy();
  }

  #report(socket: Socket, refusal: ClientRefusal, during: RefusedEvent['during']): void {
    const { remoteAddress, remotePort } = socket; // gone where the handshake failed by an alert
    const client = remoteAddress === undefined ? null : `${remoteAddress}:${remotePort}`;
    this.#settings.onEvent?.({ kind: 'refused', at: new Date(), client, during, ...refusal });
  }

  #destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

function serverOptions({ ca, server, clientAuth, ...rest }: ServerSettings): ServerOptions {
  const { handshakeMs, headersMs, requestMs, keepAliveMs, headerBytes } = limitsOf(rest);
  const { cipherSuites } = policyOf('intermediate');
  return {
    cert: server.cert,
    key: server.key,
    ca: [...new Set([trustAnchor(ca), ca.issuing.parsed])].map(({ der }) => encodePem('CERTIFICATE', der)),
    requestCert: clientAuth !== 'off',
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    ciphers: [...cipherSuites['TLSv1.3'], ...cipherSuites['TLSv1.2']]
      .map(({ opensslName }) => opensslName)
      .join(':'),
    handshakeTimeout: handshakeMs,
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: 500,
    maxHeaderSize: headerBytes,
  };
}

/** Node gives OpenSSL's words as `reason`. */
type TlsError = NodeJS.ErrnoException & { readonly reason?: string };

/** Null where the client just went away: that is no refusal of ours. */
function handshakeRefusal({ code, message, reason }: TlsError): ClientRefusal | null {
  if (code === 'ECONNRESET' || code === 'EPIPE') return null;
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT')
    return serverRefusal(
      'tls-handshake-timeout',
      'the handshake took too long',
      'see what slows the client down',
    );
  if (code === 'ERR_SSL_HTTP_REQUEST')
    return serverRefusal('not-tls', 'plain HTTP on a TLS port', 'call it by https://');
  const why = reason ?? message.split('\n')[0];
  return serverRefusal('tls-handshake-failed', `TLS handshake failed: ${why}`, handshakeFix(code ?? ''));
}

function handshakeFix(code: string): string {
  if (/UNSUPPORTED_PROTOCOL|NO_SHARED_CIPHER/.test(code))
    return 'use TLS 1.2 or 1.3 with an up-to-date client';
  if (/ALERT/.test(code))
    return 'it was the client that broke off: let it trust ca.crt, curl --cacert ca.crt';
  return 'present a certificate of this CA and its own key: `sslapi issue-client NAME`';
}

function limitsOf({ limits }: Pick<ServerSettings, 'limits'>): ServerLimits {
  return { ...DEFAULT_LIMITS, ...limits };
}

const DEFAULT_LIMITS: ServerLimits = {
  handshakeMs: 10_000,
  headersMs: 5_000,
  requestMs: 10_000,
  keepAliveMs: 5_000,
  idleMs: 30_000,
  headerBytes: 16_384,
  connections: 1_024,
};
const CLOSE_GRACE_MS = 2_000;
const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already',
  EACCES: 'no permission: below port 1024 only root may',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host name',
};
