import type { TLSSocket } from 'node:tls';
import type { ClientAuthority } from './client-authority.js';
import { ClientStanding } from './client-standing.js';
import { ClientJudge, type VerifiedClient } from './judge-client.js';
import type { Moment } from './moment.js';
import { RevocationGuard } from './revocation-guard.js';
import type { ClientRefusal } from './server-event.js';
import type { ClientAuthMode } from './server-settings.js';

/** Decides whose connections are let in, and for how long. */
export class Admission {
  readonly #clientAuth: ClientAuthMode;
  readonly #guard: RevocationGuard;
  #ca: ClientAuthority;
  #judge: ClientJudge;
  #standing: ClientStanding;

  /** @param onOut called with an open connection whose client is to be let in no more */
  constructor(
    ca: ClientAuthority,
    clientAuth: ClientAuthMode,
    onOut: (socket: TLSSocket, refusal: ClientRefusal) => void,
  ) {
    this.#clientAuth = clientAuth;
    this.#ca = ca;
    this.#judge = new ClientJudge(ca);
    this.#standing = new ClientStanding(ca);
    this.#guard = new RevocationGuard(() => this.#standing, onOut);
  }

  /** Whose clients are let in. */
  get ca(): ClientAuthority {
    return this.#ca;
  }

  /** Judges a connection whose handshake is done, without a wait where the client is known, as it mostly is. Null where it is let
   *  in; it is watched over from then on. */
  admit(socket: TLSSocket): ClientRefusal | null | Promise<ClientRefusal | null> {
    if (this.#clientAuth === 'off') return null;
    const verdict = this.#judge.judge(socket, new Date());
    if (verdict.kind === 'refused') {
      const mayComeSo = verdict.refusal.code === 'no-certificate' && this.#clientAuth === 'optional';
      return mayComeSo ? null : verdict.refusal;
    }
    const { client } = verdict;
    const standing = this.#standing.of(client);
    if (!(standing instanceof Promise)) return this.#watch(socket, client, standing);
    const judge = this.#judge;
    return standing.then((refusal) =>
      // another CA may have come meanwhile, by which nobody has judged this client
      judge === this.#judge ? this.#watch(socket, client, refusal) : (refusal ?? this.admit(socket)),
    );
  }

  /** Whose connection this is; undefined for a client without a certificate. */
  clientOf(socket: TLSSocket): VerifiedClient | undefined {
    return this.#guard.clientOf(socket);
  }

  /** Whether a client that was let in is still to be; asked with every request. */
  standing(client: VerifiedClient, now: Moment): ClientRefusal | null | Promise<ClientRefusal | null> {
    return this.#standing.of(client, now);
  }

  /** Judges by another CA from now on, open connections too. */
  use(ca: ClientAuthority): void {
    this.#ca = ca;
    this.#judge = new ClientJudge(ca);
    this.#standing = new ClientStanding(ca);
    this.#guard.judgeAgain((client) => this.#judge.judgeAgain(client, new Date()));
  }

  /** Asks the store whether somebody is revoked. @throws where it cannot be asked */
  refresh(): Promise<void> {
    return this.#standing.refresh();
  }

  stop(): void {
    this.#guard.stop();
  }

  #watch(socket: TLSSocket, client: VerifiedClient, refusal: ClientRefusal | null): ClientRefusal | null {
    if (refusal === null && !socket.destroyed) this.#guard.watch(socket, client);
    return refusal;
  }
}
