import type { TLSSocket } from 'node:tls';
import type { ClientAuthority } from './client-authority.js';
import { serverRefusal } from './client-refusal.js';
import { ClientStanding } from './client-standing.js';
import type { VerifiedClient } from './judge-client.js';
import type { ClientRefusal } from './server-event.js';

/** How often open connections are looked at, in milliseconds: a revoked client is out within a second. */
export const GUARD_INTERVAL_MS = 500;

/** Watches over the connections of verified clients, for as long as they are open. */
export class RevocationGuard {
  readonly #authority: ClientAuthority;
  readonly #standing: ClientStanding;
  readonly #onOut: (socket: TLSSocket, refusal: ClientRefusal) => void;
  readonly #clients = new Map<TLSSocket, VerifiedClient>();
  readonly #timer: NodeJS.Timeout;
  #isLooking = false;

  /** @param onOut called with an open connection whose client is to be let in no more */
  constructor(authority: ClientAuthority, onOut: (socket: TLSSocket, refusal: ClientRefusal) => void) {
    this.#authority = authority;
    this.#standing = new ClientStanding(authority);
    this.#onOut = onOut;
    this.#timer = setInterval(() => void this.#look(), GUARD_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Keeps an eye on a connection until it closes. */
  watch(socket: TLSSocket, client: VerifiedClient): void {
    this.#clients.set(socket, client);
    socket.once('close', () => this.#clients.delete(socket));
  }

  /** Whose connection this is; undefined for a client without a certificate. */
  clientOf(socket: TLSSocket): VerifiedClient | undefined {
    return this.#clients.get(socket);
  }

  /** Asked with every request, whatever was found when the connection was made. */
  async check(client: VerifiedClient): Promise<ClientRefusal | null> {
    try {
      return await this.#standing.check(client, new Date());
    } catch (error) {
      return storeRefusal(error, client);
    }
  }

  /** What keeps us from telling whether somebody is revoked. */
  async readiness(): Promise<ClientRefusal[]> {
    try {
      await this.#authority.revocationOf('00');
      return [];
    } catch (error) {
      return [storeRefusal(error)];
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Every time the store itself is asked, whoever wrote to it: this process or another. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (const [socket, client] of [...this.#clients]) {
      const refusal = await this.check(client);
      if (refusal !== null && !socket.destroyed) this.#onOut(socket, refusal);
    }
    this.#isLooking = false;
  }
}

/** Nobody is let in on a guess. */
export function storeRefusal(error: unknown, client?: VerifiedClient): ClientRefusal {
  const why = error instanceof Error ? error.message : String(error);
  return serverRefusal(
    'store-unavailable',
    `cannot tell whether the certificate is revoked: ${why}`,
    'see whether the pki folder is there and can be read',
    client?.leaf,
  );
}
