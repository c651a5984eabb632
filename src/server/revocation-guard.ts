import type { TLSSocket } from 'node:tls';
import { storeRefusal } from './client-refusal.js';
import type { ClientStanding } from './client-standing.js';
import type { VerifiedClient } from './judge-client.js';
import type { ClientRefusal } from './server-event.js';

/** How often the store is asked what has changed, in milliseconds: a revoked client is out long before a second has passed. */
export const GUARD_INTERVAL_MS = 100;

/** Watches over the connections of verified clients, for as long as they are open. */
export class RevocationGuard {
  readonly #standing: () => ClientStanding;
  readonly #onOut: (socket: TLSSocket, refusal: ClientRefusal) => void;
  readonly #clients = new WeakMap<TLSSocket, VerifiedClient>();
  readonly #sockets = new Map<VerifiedClient, Set<TLSSocket>>();
  readonly #timer: NodeJS.Timeout;
  #looks = 0;
  #edition = Number.NaN;
  #failures = 0;
  #isLooking = false;

  /** @param standing by whose word, which may be another's later
   *  @param onOut called with an open connection whose client is to be let in no more */
  constructor(standing: () => ClientStanding, onOut: (socket: TLSSocket, refusal: ClientRefusal) => void) {
    this.#standing = standing;
    this.#onOut = onOut;
    this.#timer = setInterval(() => void this.#look(), GUARD_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Keeps an eye on a connection until it closes. */
  watch(socket: TLSSocket, client: VerifiedClient): void {
    this.#assign(socket, client);
    socket.on('close', () => this.#forget(socket));
  }

  /** Holds all who are there against what is trusted now: who is let in no more is out.
   *  @param judge the client as it is verified now, or why it is not */
  judgeAgain(judge: (client: VerifiedClient) => VerifiedClient | ClientRefusal): void {
    for (const [before, sockets] of [...this.#sockets]) {
      const now = judge(before);
      if ('leaf' in now) for (const socket of [...sockets]) this.#reassign(socket, now);
      else this.#endAll(sockets, now);
    }
    this.#edition = Number.NaN; // whether they stand is asked anew
  }

  /** Whose connection this is; undefined for a client without a certificate. */
  clientOf(socket: TLSSocket): VerifiedClient | undefined {
    return this.#clients.get(socket);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #assign(socket: TLSSocket, client: VerifiedClient): void {
    this.#clients.set(socket, client);
    this.#sockets.set(client, (this.#sockets.get(client) ?? new Set()).add(socket));
  }

  #reassign(socket: TLSSocket, client: VerifiedClient): void {
    this.#forget(socket);
    this.#assign(socket, client);
  }

  #forget(socket: TLSSocket): void {
    const client = this.#clients.get(socket);
    const sockets = client && this.#sockets.get(client);
    if (client === undefined || sockets === undefined) return;
    sockets.delete(socket);
    if (sockets.size === 0) this.#sockets.delete(client);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      const standing = this.#standing();
      await standing.refresh();
      this.#failures = 0;
      this.#looks += 1;
      if (this.#edition !== standing.edition || this.#looks % LOOKS_UNTIL_EXPIRY === 0)
        await this.#throwOut(standing);
    } catch (error) {
      this.#failures += 1;
      if (this.#failures !== PATIENCE) return;
      for (const sockets of [...this.#sockets.values()]) this.#endAll(sockets, storeRefusal(error));
    } finally {
      this.#isLooking = false;
    }
  }

  async #throwOut(by: ClientStanding): Promise<void> {
    const { edition } = by;
    for (const [client, sockets] of [...this.#sockets]) {
      const standing = by.of(client);
      const refusal = standing instanceof Promise ? await standing : standing;
      if (refusal !== null) this.#endAll(sockets, refusal);
    }
    this.#edition = edition;
  }

  #endAll(sockets: ReadonlySet<TLSSocket>, refusal: ClientRefusal): void {
    for (const socket of [...sockets]) if (!socket.destroyed) this.#onOut(socket, refusal);
  }
}

/** A certificate says to the second when it ends. */
const LOOKS_UNTIL_EXPIRY = 10;
/** So many times in a row the store may be silent until open connections end too; their requests are refused at once. */
const PATIENCE = 5;
