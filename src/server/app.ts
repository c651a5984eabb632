import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { Certificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { formatGeneralName } from '../x509/general-name.js';
import { commonNameOf, formatName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import type { VerifiedClient } from './judge-client.js';
import type { ClientRefusal } from './server-event.js';

/** What the demo API answers with. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request of somebody who has been let in. Who that is comes from the verified certificate alone: no header, path or
 *  parameter of the request has a say.
 *  @param client undefined for a client without a certificate */
export function answerRequest(
  { method, url }: Pick<IncomingMessage, 'method' | 'url'>,
  socket: TLSSocket,
  client: VerifiedClient | undefined,
): Answer {
  if (method !== 'GET' && method !== 'HEAD') {
    const body = errorBody('method-not-allowed', `${method} is not allowed here`, 'use GET or HEAD');
    return { status: 405, body, headers: { allow: 'GET, HEAD' } };
  }
  switch ((url ?? '').split('?')[0]) {
    case '/whoami':
      return { status: 200, body: whoAmI(socket, client) };
    case '/healthz':
      return { status: 200, body: { status: 'ok' } };
    default:
      return {
        status: 404,
        body: errorBody('not-found', 'there is nothing here', 'try /whoami or /healthz'),
      };
  }
}

/** The answer to somebody who is refused: 401 where no certificate was shown, 503 where we could not tell, else 403. */
export function refusalAnswer({ code, message, fix }: ClientRefusal): Answer {
  const status = code === 'no-certificate' ? 401 : code === 'store-unavailable' ? 503 : 403;
  return { status, body: errorBody(code, message, fix) };
}

/** Writes an answer. What the client still has to send is not waited for: the connection ends where there is a body. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody || answer.status === 403 || answer.status === 503) response.shouldKeepAlive = false;
  response.writeHead(answer.status, { ...answerHeaders(answer) });
  response.end(request.method === 'HEAD' ? undefined : bodyText(answer));
}

/** The header fields of an answer, its length included. */
export function answerHeaders(answer: Answer): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(bodyText(answer))),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  };
}

export function bodyText({ body }: Answer): string {
  return `${JSON.stringify(body, null, 2)}\n`;
}

function whoAmI(socket: TLSSocket, client: VerifiedClient | undefined): unknown {
  const handshake = {
    protocol: socket.getProtocol(),
    cipherSuite: socket.getCipher().standardName,
    resumed: socket.isSessionReused(),
  };
  if (client === undefined) {
    return { identity: 'anonymous', authenticated: false, certificate: null, handshake };
  }
  const { leaf } = client;
  const commonName = commonNameOf(leaf.subject) ?? null;
  const subjectAltName = (subjectAltNameOf(leaf) ?? []).map(formatGeneralName);
  const identity = commonName ?? subjectAltName[0] ?? formatName(leaf.subject);
  return {
    identity,
    authenticated: true,
    commonName,
    subjectAltName,
    certificate: certificateBody(leaf),
    handshake,
  };
}

function certificateBody(leaf: Certificate): unknown {
  return {
    serialNumber: serialNumberHex(leaf.serialNumber),
    subject: formatName(leaf.subject),
    issuer: formatName(leaf.issuer),
    notBefore: isoSeconds(leaf.validity.notBefore),
    notAfter: isoSeconds(leaf.validity.notAfter),
    fingerprint256: fingerprint256(leaf.der),
  };
}

function errorBody(code: string, message: string, hint: string): unknown {
  return { error: { code, message, hint } };
}
