import type { Socket } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import { closeWithReset, connect, DEFAULT_LIMITS } from './connect.js';
import { Http2Talk } from './http2-talk.js';
import { connectionOptions, endingOfError } from './request.js';
import { type RequestEnding, type RequestOutcome, type TlsRequest, unanswered } from './request-outcome.js';
import { RequestWatch } from './request-watch.js';

/** The same as `request`, over HTTP/2 (RFC 9113), which ALPN has to agree upon: where it does not, nothing is asked. The request
 *  goes out the moment the handshake is done, in one piece with what HTTP/2 begins with. */
export async function requestH2(asked: TlsRequest): Promise<RequestOutcome> {
  const { target, timeoutMs } = asked;
  const talk = new Http2Talk(asked.request);
  try {
    const [opened, opening] = await Promise.all([
      connect(target, { ...DEFAULT_LIMITS, timeoutMs }),
      talk.opening(),
    ]);
    if (opened.kind !== 'opened') return unanswered(opened);
    const { socket: raw, deadline } = opened;
    let socket: TLSSocket;
    try {
      socket = tlsConnect(connectionOptions({ ...asked, alpn: ['h2'] }, raw));
    } catch (error) {
      closeWithReset(raw);
      return unanswered({ kind: 'refused-locally', why: (error as Error).message });
    }
    return await conversation(asked, { socket, raw, deadline, talk, opening });
  } finally {
    talk.close();
  }
}

interface Http2Connection {
  readonly socket: TLSSocket;
  readonly raw: Socket;
  readonly deadline: number;
  readonly talk: Http2Talk;
  readonly opening: Uint8Array;
}

/** Errors of TLS come on its own socket; that node:http2 may never tell of its end matters to nobody here. */
function conversation(
  asked: TlsRequest,
  { socket, raw, deadline, talk, opening }: Http2Connection,
): Promise<RequestOutcome> {
  const watch = new RequestWatch(socket, raw, asked);
  return new Promise((resolve) => {
    let isOver = false;
    const finish = async (ending: RequestEnding): Promise<void> => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      await talk.settled();
      const outcome = watch.outcomeOf(talk.answer(), ending);
      socket.destroy();
      closeWithReset(raw);
      resolve(outcome);
    };
    const timer = setTimeout(() => finish({ kind: 'timeout' }), Math.max(0, deadline - performance.now()));
    socket.on('secureConnect', () => {
      if (!watch.secured()) return;
      if (socket.alpnProtocol !== 'h2') return void finish(NOT_AGREED);
      socket.write(opening);
      watch.requestWritten(opening.length);
      talk.sendBy((bytes) => socket.writable && socket.write(bytes));
    });
    void talk.over.then((ended) =>
      finish(ended.kind === 'called-off' ? { kind: 'tls-error', why: calledOff(ended.errorCode) } : ended),
    );
    socket.on('session', (session: Buffer) => watch.keepSession(session));
    socket.on('data', (chunk: Buffer) => (watch.received(chunk) ? talk.receive(chunk) : finish(TOO_MUCH)));
    socket.on('end', () => finish({ kind: 'eof' }));
    socket.on('close', () => finish({ kind: 'eof' }));
    socket.on('error', (error: NodeJS.ErrnoException) => finish(endingOfError(error)));
  });
}

/** What a server said by RST_STREAM or GOAWAY, RFC 9113 §7. */
export function calledOff(errorCode: number): string {
  return `the server called the HTTP/2 request off (error ${errorCode}${errorCode === 13 ? ': it wants HTTP/1.1' : ''})`;
}

const NOT_AGREED: RequestEnding = {
  kind: 'refused-locally',
  why: 'the server does not agree to HTTP/2 by ALPN',
};
const TOO_MUCH: RequestEnding = { kind: 'tls-error', why: 'more octets than an answer may have' };
