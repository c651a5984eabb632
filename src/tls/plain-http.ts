import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Target } from './connect.js';

/** One request over plain HTTP: for CRLs, OCSP and whatever listens on port 80. */
export interface PlainRequest {
  readonly target: Target;
  readonly method: 'GET' | 'POST';
  /** origin-form */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** For everything, name resolution included, in milliseconds: an absolute deadline. */
  readonly timeoutMs: number;
  /** Octets of the body that are read; a longer one is cut off there. */
  readonly maxBytes: number;
}

/** What came of it. `unreachable`: nobody took the connection. `broken`: somebody did, and gave no answer to a request.  */
export type PlainOutcome =
  | PlainAnswer
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'broken'; readonly why: string };

export interface PlainAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case; several of one name joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Whether the body was all there, and not longer than we take. */
  readonly whole: boolean;
}

/** Asks once, follows nothing, never rejects for what a peer did. */
export function plainHttp(asked: PlainRequest): Promise<PlainOutcome> {
  const { target, method, path, headers, body, timeoutMs } = asked;
  return new Promise((resolve) => {
    let isConnected = false;
    const request = httpRequest({
      ...route(target, path),
      method,
      agent: false,
      headers: {
        host: authorityOf(target),
        'user-agent': 'sslapi-probe',
        connection: 'close',
        ...(body && { 'content-length': String(body.length) }),
        ...headers,
      },
    });
    const finish = (outcome: PlainOutcome): void => {
      clearTimeout(timer);
      request.destroy();
      resolve(outcome);
    };
    const failed = (why: string): void => finish({ kind: isConnected ? 'broken' : 'unreachable', why });
    const timer = setTimeout(() => failed('no answer in time'), timeoutMs);
    request.on('socket', (socket) => socket.once('connect', () => (isConnected = true)));
    request.on('response', (response) => readAnswer(response, asked.maxBytes, finish, failed));
    request.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
    request.end(body);
  });
}

/** Straight to the target, or to a proxy that is told the whole URL (RFC 9112 §3.2.2). */
function route({ proxy, ...target }: Target, path: string) {
  const host = target.address ?? target.host;
  if (proxy === undefined) return { host, port: target.port, path };
  const { credentials } = proxy;
  return {
    host: proxy.host,
    port: proxy.port,
    path: `http://${authorityOf({ host, port: target.port })}${path}`,
    ...(credentials && { auth: `${credentials.user}:${credentials.password}` }),
  };
}

function readAnswer(
  response: IncomingMessage,
  maxBytes: number,
  finish: (answer: PlainAnswer) => void,
  failed: (why: string) => void,
): void {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const answer = (whole: boolean): PlainAnswer => ({
    kind: 'answer',
    status: response.statusCode ?? 0,
    headers: headersOf(response),
    body: Buffer.concat(chunks).subarray(0, maxBytes),
    whole,
  });
  response.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) finish(answer(false));
  });
  response.on('end', () => finish(answer(response.complete)));
  response.on('error', (error: NodeJS.ErrnoException) => failed(error.code ?? error.message));
}

function headersOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, values] of Object.entries(headersDistinct)) headers[name] = (values ?? []).join(', ');
  return headers;
}

/** RFC 9110 §7.2: the port stands there where it is not the scheme's own. */
function authorityOf({ host, port }: Target): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === 80 ? name : `${name}:${port}`;
}
