import type { OpensslVersion } from '../../tls/openssl-handshake.js';
import { takeSession } from '../../tls/resumption.js';
import type { Connections } from '../connections.js';

/** What a first whole handshake gives to resume by. */
export type TakenSession = Awaited<ReturnType<typeof takeSession>>;

/** The first whole handshakes of a scan: each is made once, by whoever asks for it first, however early. */
export class FirstSessions {
  readonly #connections: Connections;
  readonly #servername: string | null;
  readonly #request: Uint8Array;
  readonly #taken = new Map<string, Promise<TakenSession>>();

  constructor(
    connections: Connections,
    { servername, request }: { readonly servername: string | null; readonly request: Uint8Array },
  ) {
    this.#connections = connections;
    this.#servername = servername;
    this.#request = request;
  }

  /** @param tickets whether a ticket of RFC 5077 is asked for */
  take(version: OpensslVersion, tickets: boolean): Promise<TakenSession> {
    const key = `${version} ${tickets}`;
    const known = this.#taken.get(key) ?? this.#handshake(version, tickets);
    this.#taken.set(key, known);
    return known;
  }

  /** A second handshake, which offers what the first one gave. */
  resume(version: OpensslVersion, tickets: boolean, session: Uint8Array | null): Promise<TakenSession> {
    return this.#handshake(version, tickets, session);
  }

  #handshake(version: OpensslVersion, tickets: boolean, session: Uint8Array | null = null) {
    return this.#connections.use((target, timeoutMs, hold) => {
      const asked = { target, servername: this.#servername, version, tickets, session, timeoutMs, hold };
      return takeSession(asked, this.#request);
    });
  }
}
