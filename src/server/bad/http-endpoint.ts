import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { alertName } from '../../tls/alert.js';
import { encodePem } from '../../x509/pem.js';
import { addressOfCaller } from '../caller.js';
import type { Sighting } from './bad-event.js';
import type { BadKind, HttpServing } from './bad-kind.js';
import type { Endpoint } from './endpoint.js';
import { FAULTLESS_CIPHERS } from './openssl-strength.js';

/** Serves a faulty kind by node:https: 200 and the kind to whoever sends a request. */
export function httpEndpoint(
  kind: BadKind,
  serving: HttpServing,
  tell: (sighting: Sighting) => void,
): Endpoint {
  const server = withoutWarning(() => createServer(optionsOf(serving)));
  const asked = new WeakSet<Socket>();
  server.on('tlsClientError', (error, socket) => {
    if (!asked.has(socket)) tell({ client: addressOfCaller(socket), ...refusalOf(error) });
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.disableRenegotiation();
    const client = addressOfCaller(socket);
    let how = 'it closed the connection after the handshake';
    socket.on('error', (error) => {
      how = refusalOf(error).how;
    });
    socket.once('close', () => {
      if (!asked.has(socket)) tell({ client, outcome: 'refused', how });
    });
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const socket = request.socket as TLSSocket;
    if (!asked.has(socket))
      tell({ client: addressOfCaller(socket), outcome: 'accepted', how: 'it sent a request' });
    asked.add(socket);
    answer(kind, serving, request, response);
  });
  return { server, renew: (next) => renew(server, next as HttpServing) };
}

function renew(server: Server, serving: HttpServing): void {
  withoutWarning(() => server.setSecureContext(optionsOf(serving)));
}

/** Node warns of a short prime where it is given one; here that is the point. */
function withoutWarning<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function optionsOf({ credential, options }: HttpServing): ServerOptions {
  const shown = credential && {
    cert: credential.chain.map((der) => encodePem('CERTIFICATE', der)).join(''),
    key: credential.privateKey,
  };
  return { ...shown, ...LIMITS, minVersion: 'TLSv1.2', ciphers: FAULTLESS_CIPHERS, ...options };
}

/** Whatever is asked for; the connection ends with it. */
function answer(
  { id, breaks, expected, citation }: BadKind,
  { demandsCertificate }: HttpServing,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const shown = (request.socket as Partial<TLSSocket>).getPeerCertificate?.(); // the newer call leaks (Node 20)
  const isServed = demandsCertificate !== true || shown?.raw !== undefined;
  const body = isServed
    ? { bad: id, breaks, aGoodClient: WORDS[expected], citation }
    : { error: { code: 'no-certificate', message: 'no client certificate was presented' } };
  const text = `${JSON.stringify(body, null, 2)}\n`;
  request.resume();
  response.writeHead(isServed ? 200 : 401, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** Node gives OpenSSL's words as `reason`, and the number of an alert in the message. */
type TlsError = NodeJS.ErrnoException & { readonly reason?: string };

function refusalOf({ code = '', message, reason }: TlsError): Pick<Sighting, 'outcome' | 'how'> {
  const alert = /SSL alert number (\d+)/.exec(message)?.[1];
  if (alert !== undefined) return { outcome: 'refused', how: `alert ${alertName(Number(alert))}` };
  if (/NO_SHARED|UNSUPPORTED_PROTOCOL|NO_SUITABLE|VERSION_TOO_LOW/.test(code))
    return { outcome: 'refused', how: 'it offers nothing of what is spoken here' };
  if (code === 'ECONNRESET' || code === 'EPIPE')
    return { outcome: 'refused', how: 'it closed the connection' };
  return { outcome: 'refused', how: reason ?? message.split('\n')[0]! };
}

const WORDS = {
  accept: 'accepts this',
  refuse: 'never gets to read this: it refuses the server',
  either: 'may read this',
} as const;
/** Times in milliseconds. */
const LIMITS: ServerOptions = {
  handshakeTimeout: 10_000,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
};
