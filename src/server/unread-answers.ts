import type { Socket } from 'node:net';

/** Finds the connections on which nothing of an answer was taken for so long. It looks at all of them now and then: timers of
 *  their own, set anew with each request, cost more than all that decides about one. */
export class UnreadAnswers {
  readonly #limitMs: number;
  readonly #onUnread: (socket: Socket) => void;
  readonly #open = new Map<Socket, Taken | null>();
  readonly #timer: NodeJS.Timeout;

  constructor(limitMs: number, onUnread: (socket: Socket) => void) {
    this.#limitMs = limitMs;
    this.#onUnread = onUnread;
    this.#timer = setInterval(() => this.#look(performance.now()), limitMs / LOOKS);
    this.#timer.unref();
  }

  /** Looks after a connection until it closes. */
  watch(socket: Socket): void {
    this.#open.set(socket, null);
    socket.on('close', () => this.#open.delete(socket));
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(now: number): void {
    for (const [socket, before] of this.#open) {
      const octets = socket.bytesWritten - socket.writableLength;
      if (socket.writableLength === 0) this.#open.set(socket, null);
      else if (before?.octets !== octets) this.#open.set(socket, { octets, since: now });
      else if (now - before.since >= this.#limitMs) this.#onUnread(socket);
    }
  }
}

/** How much a client had taken, and since when it has taken no more. */
interface Taken {
  readonly octets: number;
  readonly since: number;
}

/** In the time that a client has. */
const LOOKS = 8;
