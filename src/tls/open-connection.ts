import type { TLSSocket } from 'node:tls';
import { readHttpResponse } from './http-response.js';
import {
  type HandshakeAsked,
  type HandshakeFailed,
  type OpensslHandshake,
  overOpenssl,
} from './openssl-handshake.js';
import { type RequestEnding, type RequestOutcome, unanswered } from './request-outcome.js';

/** A connection that stays open for one request after the other. */
export interface OpenConnection {
  /** Sends a request and reads its answer; an HTTP/1.1 request that keeps the connection. */
  ask(request: Uint8Array): Promise<RequestOutcome>;
  /** Whether the server, or TLS, has ended it. */
  readonly isOver: boolean;
}

/** Opens a connection with a certificate, and hands it on until it is closed. Never rejects for what a peer did. */
export function overOpenConnection<T>(
  asked: HandshakeAsked,
  use: (connection: OpenConnection) => Promise<T>,
): Promise<T | HandshakeFailed> {
  return overOpenssl(asked, (handshake) => use(new Conversation(handshake)));
}

class Conversation implements OpenConnection {
  readonly #socket: TLSSocket;
  #ending: RequestEnding | null = null;
  #received = Buffer.alloc(0);
  #wake: (() => void) | null = null;

  constructor({ socket, ended }: OpensslHandshake) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake?.();
    });
    void ended.then((how) => {
      this.#ending ??= how;
      this.#wake?.();
    });
  }

  get isOver(): boolean {
    return this.#ending !== null;
  }

  async ask(request: Uint8Array): Promise<RequestOutcome> {
    this.#received = Buffer.alloc(0);
    if (this.#ending === null && this.#socket.writable) this.#socket.write(request);
    for (;;) {
      const rest = this.#ending === null ? 'more' : this.#ending.kind === 'eof' ? 'closed' : 'broken';
      const answer = readHttpResponse(this.#received, rest);
      if (typeof answer === 'object') return { ...this.#told({ kind: 'complete' }), http: answer };
      if (this.#ending !== null) return this.#told(this.#ending);
      if (answer === 'not-http' && this.#received.length > 0)
        return this.#told({ kind: 'tls-error', why: 'the answer is not HTTP' });
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #told(ended: RequestEnding): RequestOutcome {
    return {
      ...unanswered(ended),
      handshake: 'completed',
      certificateSent: true,
      resumed: this.#socket.isSessionReused(),
      receivedBytes: this.#received.length,
    };
  }
}
