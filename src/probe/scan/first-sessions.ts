import type { HandshakeAsked, OpensslVersion } from '../../tls/openssl-handshake.js';
import type { RequestCertificate } from '../../tls/request-outcome.js';
import { takeSession } from '../../tls/resumption.js';
import type { Connections } from '../connections.js';

/** What a first whole handshake gives to resume by. */
export type TakenSession = Awaited<ReturnType<typeof takeSession>>;

/** What first handshakes are made with. */
export interface FirstAsked {
  readonly servername: string | null;
  readonly request: Uint8Array;
  /** Shown where a stranger's handshake comes to nothing; null where there is only a stranger. */
  readonly certificate?: RequestCertificate | null;
}

/** The first whole handshakes of a scan: each is made once, by whoever asks for it first, however early. A stranger makes them; the
 *  client, if there is one, where no stranger can. */
export class FirstSessions {
  readonly #connections: Connections;
  readonly #asked: FirstAsked;
  readonly #taken = new Map<string, Promise<TakenSession>>();
  /** Those whom the client had to make. */
  readonly #byClient = new Set<string>();

  constructor(connections: Connections, asked: FirstAsked) {
    this.#connections = connections;
    this.#asked = asked;
  }

  /** @param tickets whether a ticket of RFC 5077 is asked for */
  take(version: OpensslVersion, tickets: boolean): Promise<TakenSession> {
    const key = keyOf(version, tickets);
    const known = this.#taken.get(key) ?? this.#first(version, tickets);
    this.#taken.set(key, known);
    return known;
  }

  /** A second handshake, which offers what the first one gave. */
  resume(version: OpensslVersion, tickets: boolean, session: Uint8Array | null): Promise<TakenSession> {
    const { certificate = null } = this.#asked;
    return this.#handshake(version, tickets, {
      session,
      certificate: this.#byClient.has(keyOf(version, tickets)) ? certificate : null,
    });
  }

  async #first(version: OpensslVersion, tickets: boolean): Promise<TakenSession> {
    const stranger = await this.#handshake(version, tickets, { session: null, certificate: null });
    const { certificate = null } = this.#asked;
    if (stranger.kind !== 'failed' || certificate === null) return stranger;
    const client = await this.#handshake(version, tickets, { session: null, certificate });
    if (client.kind === 'failed') return stranger;
    this.#byClient.add(keyOf(version, tickets));
    return client;
  }

  #handshake(
    version: OpensslVersion,
    tickets: boolean,
    shown: Pick<HandshakeAsked, 'session' | 'certificate'>,
  ): Promise<TakenSession> {
    const { servername, request } = this.#asked;
    return this.#connections.use((target, timeoutMs, hold) =>
      takeSession({ target, servername, version, tickets, timeoutMs, hold, ...shown }, request),
    );
  }
}

function keyOf(version: OpensslVersion, tickets: boolean): string {
  return `${version} ${tickets}`;
}
