import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Has the requests of a connection answered one after the other (RFC 9112 §9.3.2). Node hands on as many as there are in what came
 *  at once, and keeps all their answers for a client that perhaps never reads; here none is begun before the answer to the one
 *  before it has gone to the operating system. */
export class RequestTurns {
  readonly #most: number;
  readonly #waiting = new WeakMap<Socket, Waiting[]>();

  /** @param most requests that may wait on a connection */
  constructor(most: number) {
    this.#most = most;
  }

  /** Answers a request once its turn has come, mostly at once. False where too many wait before it, and it will not be. */
  take(request: IncomingMessage, response: ServerResponse, answer: () => void): boolean {
    const { socket } = request;
    const current = answerUnderWay(socket);
    if (current === null || current === response) {
      answer();
      return true;
    }
    const waiting = this.#waiting.get(socket);
    if (waiting === undefined) {
      this.#waiting.set(socket, [{ response, answer }]);
      current.once('finish', () => this.#next(socket));
      return true;
    }
    if (waiting.length >= this.#most) return false;
    waiting.push({ response, answer });
    return true;
  }

  #next(socket: Socket): void {
    const waiting = this.#waiting.get(socket);
    const first = waiting?.shift();
    if (waiting === undefined || first === undefined) return;
    if (waiting.length === 0) this.#waiting.delete(socket);
    else first.response.once('finish', () => this.#next(socket));
    if (!socket.destroyed) first.answer();
  }
}

interface Waiting {
  readonly response: ServerResponse;
  readonly answer: () => void;
}

/** The answer that a connection is about to give, where Node keeps it; the others wait behind it. */
export function answerUnderWay(
  socket: Socket & { readonly _httpMessage?: ServerResponse | null },
): ServerResponse | null {
  return socket._httpMessage ?? null;
}
