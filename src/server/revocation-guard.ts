import type { TLSSocket } from 'node:tls';
import { storeRefusal } from './client-refusal.js';
import type { ClientStanding } from './client-standing.js';
import type { VerifiedClient } from './judge-client.js';
import type { ClientRefusal } from './server-event.js';

/** How often the store is asked what has changed, in milliseconds: a revoked client is out long before a second has passed. */
export const GUARD_INTERVAL_MS = 100;

/** Watches over the connections of verified clients, for as long as they are open. */
export class RevocationGuard {
  readonly #standing: ClientStanding;
  readonly #onOut: (socket: TLSSocket, refusal: ClientRefusal) => void;
  readonly #clients = new WeakMap<TLSSocket, VerifiedClient>();
  readonly #sockets = new Map<VerifiedClient, Set<TLSSocket>>();
  readonly #timer: NodeJS.Timeout;
  #looks = 0;
  #edition = Number.NaN;
  #failures = 0;
  #isLooking = false;

  /** @param onOut called with an open connection whose client is to be let in no more */
  constructor(standing: ClientStanding, onOut: (socket: TLSSocket, refusal: ClientRefusal) => void) {
    this.#standing = standing;
    this.#onOut = onOut;
    this.#timer = setInterval(() => void this.#look(), GUARD_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Keeps an eye on a connection until it closes. */
  watch(socket: TLSSocket, client: VerifiedClient): void {
    this.#clients.set(socket, client);
    const sockets = this.#sockets.get(client) ?? new Set();
    this.#sockets.set(client, sockets.add(socket));
    socket.once('close', () => {
      sockets.delete(socket);
      if (sockets.size === 0 && this.#sockets.get(client) === sockets) this.#sockets.delete(client);
    });
  }

  /** Whose connection this is; undefined for a client without a certificate. */
  clientOf(socket: TLSSocket): VerifiedClient | undefined {
    return this.#clients.get(socket);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.#standing.refresh();
      this.#failures = 0;
      this.#looks += 1;
      if (this.#edition !== this.#standing.edition || this.#looks % LOOKS_UNTIL_EXPIRY === 0)
        await this.#throwOut();
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === PATIENCE) this.#throwAllOut(storeRefusal(error));
    } finally {
      this.#isLooking = false;
    }
  }

  async #throwOut(): Promise<void> {
    const { edition } = this.#standing;
    for (const [client, sockets] of [...this.#sockets]) {
      const standing = this.#standing.of(client);
      const refusal = standing instanceof Promise ? await standing : standing;
      if (refusal === null) continue;
      for (const socket of [...sockets]) if (!socket.destroyed) this.#onOut(socket, refusal);
    }
    this.#edition = edition;
  }

  #throwAllOut(refusal: ClientRefusal): void {
    for (const sockets of [...this.#sockets.values()])
      for (const socket of [...sockets]) if (!socket.destroyed) this.#onOut(socket, refusal);
  }
}

/** A certificate says to the second when it ends. */
const LOOKS_UNTIL_EXPIRY = 10;
/** So many times in a row the store may be silent until open connections end too; their requests are refused at once. */
const PATIENCE = 5;
