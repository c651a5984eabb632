import type { Socket } from 'node:net';
import type { ServerLimits } from './server-settings.js';

/** Keeps what connections cost within bounds. Where there is no room left, who came first and was not let in makes room: so however
 *  many strangers hold on to the server, a client that shakes hands gets through. Nor does any client that was let in take more
 *  than its share. */
export class ConnectionBounds {
  readonly #limits: ServerLimits;
  readonly #all = new Set<Socket>();
  /** Those who were not let in, and who have been since the last look, in the order in which they came. */
  readonly #strangers = new Set<Socket>();
  /** Who was let in since the last look: mostly nobody looks, and asking for an address costs as much as a request does. */
  readonly #lately = new Set<Socket>();
  readonly #letIn = new Map<string, number>();

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  /** How many are open. */
  get count(): number {
    return this.#all.size;
  }

  /** Keeps a new connection until it closes, and gives the one that has to make room for it: itself where all others were let in. */
  add(socket: Socket): Socket | null {
    this.#all.add(socket);
    this.#strangers.add(socket);
    socket.on('close', () => {
      this.#all.delete(socket);
      this.#strangers.delete(socket);
    });
    if (this.#all.size <= this.#limits.connections) return null;
    this.#sortOut();
    const [first = socket] = this.#strangers;
    return first;
  }

  /** Lets a connection in: it makes room for nobody any more. False where its client has as many as it may.
   *  @param socket the same, or what speaks TLS over it
   *  @param who whose connections are counted together */
  admit(socket: Socket, who: string): boolean {
    const had = this.#letIn.get(who) ?? 0;
    if (had >= this.#limits.connectionsOfOne) return false;
    this.#lately.add(socket);
    this.#letIn.set(who, had + 1);
    socket.on('close', () => {
      this.#lately.delete(socket);
      this.#leave(who);
    });
    return true;
  }

  destroyAll(): void {
    for (const socket of this.#all) socket.destroy();
  }

  /** Who was let in is a stranger no more. By the address: what speaks TLS is another socket than what came. */
  #sortOut(): void {
    if (this.#lately.size === 0) return;
    const known = new Set([...this.#lately].map(addressOf));
    this.#lately.clear();
    for (const socket of this.#strangers) if (known.has(addressOf(socket))) this.#strangers.delete(socket);
  }

  #leave(who: string): void {
    const left = (this.#letIn.get(who) ?? 1) - 1;
    if (left === 0) this.#letIn.delete(who);
    else this.#letIn.set(who, left);
  }
}

/** One connection is open from each at a time. */
function addressOf({ remoteAddress, remotePort }: Socket): string {
  return `${remotePort} ${remoteAddress}`;
}
