import type { ClientHelloOffer } from '../tls/client-hello.js';
import type { Target } from '../tls/connect.js';
import { type ExchangeOptions, exchange, type HandshakeOutcome } from '../tls/exchange.js';
import { request } from '../tls/request.js';
import type { RequestOutcome, TlsRequest } from '../tls/request-outcome.js';

/** Every connection to one endpoint: counted, never more at once than allowed. */
export class Connections {
  readonly target: Target;
  readonly timeoutMs: number;
  readonly #limit: number;
  readonly #waiting: Array<() => void> = [];
  #open = 0;
  #count = 0;

  /** @param limit how many may be open at once, 1 or more */
  constructor(target: Target, limit: number, timeoutMs: number) {
    this.target = target;
    this.#limit = limit;
    this.timeoutMs = timeoutMs;
  }

  /** How many have been made so far. */
  get count(): number {
    return this.#count;
  }

  exchange(offer: ClientHelloOffer, options: ExchangeOptions = {}): Promise<HandshakeOutcome> {
    const limits = { timeoutMs: this.timeoutMs, connectTimeoutMs: this.timeoutMs, ...options.limits };
    return this.#inTurn(() => exchange(this.target, offer, { ...options, limits }));
  }

  request(asked: Omit<TlsRequest, 'target' | 'timeoutMs'>): Promise<RequestOutcome> {
    return this.#inTurn(() => request({ ...asked, target: this.target, timeoutMs: this.timeoutMs }));
  }

  /** Any other kind of connection, one at a time for each call.
   *  @param work makes the connection within the time given, in milliseconds */
  use<T>(work: (target: Target, timeoutMs: number) => Promise<T>): Promise<T> {
    return this.#inTurn(() => work(this.target, this.timeoutMs));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#open >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#open += 1;
    this.#count += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#open -= 1;
      else next(); // hands its place on
    }
  }
}
