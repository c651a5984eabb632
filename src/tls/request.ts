import type { Socket } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as tlsConnect } from 'node:tls';
import { closeWithReset, connect, DEFAULT_LIMITS } from './connect.js';
import {
  REQUEST_GROUPS,
  type RequestEnding,
  type RequestOutcome,
  type TlsRequest,
  unanswered,
} from './request-outcome.js';
import { RequestWatch } from './request-watch.js';

/** Makes one connection through node:tls, sends the request the moment the handshake is done, and reads until the answer
 *  is whole, the peer ends or the time is over. Never rejects for what a peer did. */
export async function request(asked: TlsRequest): Promise<RequestOutcome> {
  const { target, timeoutMs } = asked;
  const opened = await connect(target, { ...DEFAULT_LIMITS, timeoutMs });
  if (opened.kind !== 'opened') return unanswered(opened);
  const { socket: raw, deadline } = opened;
  let socket: TLSSocket;
  try {
    socket = tlsConnect(connectionOptions(asked, raw));
  } catch (error) {
    closeWithReset(raw);
    return unanswered({ kind: 'refused-locally', why: (error as Error).message });
  }
  return conversation(asked, socket, raw, deadline);
}

function conversation(
  asked: TlsRequest,
  socket: TLSSocket,
  raw: Socket,
  deadline: number,
): Promise<RequestOutcome> {
  const watch = new RequestWatch(socket, raw, asked);
  return new Promise((resolve) => {
    const finish = (ended: RequestEnding): void => {
      clearTimeout(timer);
      const outcome = watch.outcome(ended);
      socket.destroy();
      closeWithReset(raw);
      resolve(outcome);
    };
    const timer = setTimeout(() => finish({ kind: 'timeout' }), Math.max(0, deadline - performance.now()));
    socket.on('secureConnect', () => {
      if (!watch.secured()) return;
      socket.write(asked.request);
      watch.requestWritten();
    });
    socket.on('session', (session: Buffer) => watch.keepSession(session));
    let isLooking = false;
    socket.on('data', (chunk: Buffer) => {
      if (!watch.received(chunk)) return finish({ kind: 'complete' });
      if (isLooking) return;
      isLooking = true;
      setImmediate(() => {
        // once for all the records that came together
        isLooking = false;
        if (watch.isWhole()) finish({ kind: 'complete' });
      });
    });
    socket.on('end', () => finish({ kind: 'eof' }));
    socket.on('close', () => finish({ kind: 'eof' }));
    socket.on('error', (error: NodeJS.ErrnoException) => finish(endingOfError(error)));
  });
}

/** What an error of node:tls comes to. The alert's number stands in the message in every Node; the codes' names changed with
 *  OpenSSL 3.5. */
export function endingOfError({ message, code }: NodeJS.ErrnoException): RequestEnding {
  const [, alert] = /SSL alert number (\d+)/.exec(message) ?? [];
  if (alert !== undefined) return { kind: 'alert', alert: Number(alert) };
  if (/socket disconnected before secure TLS/.test(message)) return { kind: 'eof' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { kind: 'reset' };
  return { kind: 'tls-error', why: message.trim() };
}

/** What node:tls is told: one version, whatever the server shows, suites and keys that are weak too. */
export function connectionOptions(asked: TlsRequest, raw: Socket): ConnectionOptions {
  const { certificate, version } = asked;
  return {
    socket: raw,
    minVersion: version,
    maxVersion: version,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ciphers: 'DEFAULT@SECLEVEL=0',
    ecdhCurve: (asked.groups ?? REQUEST_GROUPS).join(':'),
    ...(asked.servername === null ? {} : { servername: asked.servername }),
    ...(asked.alpn ? { ALPNProtocols: [...asked.alpn] } : {}),
    ...(asked.ca ? { ca: [...asked.ca] } : {}),
    ...(asked.session ? { session: Buffer.from(asked.session) } : {}),
    ...(certificate ? { cert: certificate.chain.map(pemOf).join(''), key: certificate.key } : {}),
  };
}

/** A certificate as node:tls takes it. */
export function pemOf(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
