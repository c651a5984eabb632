import type { ClientHelloOffer } from '../tls/client-hello.js';
import type { Target } from '../tls/connect.js';
import { type ExchangeOptions, exchange, type HandshakeOutcome } from '../tls/exchange.js';
import { rawRequest } from '../tls/raw-request.js';
import { request } from '../tls/request.js';
import { requestH2 } from '../tls/request-h2.js';
import type { RequestOutcome, TlsRequest } from '../tls/request-outcome.js';
import type { ConnectionBudget } from './connection-budget.js';

/** Says that a connection stays open for a while after all is known that it was made for. */
export type Hold = (closed: Promise<void>) => void;

/** Every connection to one endpoint: counted, never more at once than allowed. */
export class Connections {
  readonly target: Target;
  readonly timeoutMs: number;
  readonly #urgent: Array<() => void> = [];
  readonly #patient: Array<() => void> = [];
  readonly #budget: ConnectionBudget | null;
  #limit: number;
  #open = 0;
  #count = 0;

  /** @param limit how many may be open at once, 1 or more
   *  @param budget shared with other endpoints */
  constructor(target: Target, limit: number, timeoutMs: number, budget: ConnectionBudget | null = null) {
    this.target = target;
    this.#budget = budget;
    this.#limit = limit;
    this.timeoutMs = timeoutMs;
  }

  /** How many have been made so far. */
  get count(): number {
    return this.#count;
  }

  /** How many may be open at once. */
  get limit(): number {
    return this.#limit;
  }

  /** Allows more or fewer from now on; what is open stays open.
   *  @param limit 1 or more */
  allow(limit: number): void {
    this.#limit = limit;
    this.#admit();
  }

  exchange(offer: ClientHelloOffer, options: ExchangeOptions = {}): Promise<HandshakeOutcome> {
    return this.#inTurn(this.#urgent, () => this.#exchange(offer, options));
  }

  /** One hello of many that need not wait for one another: any other kind of connection goes first.
   *  @param isWanted asked when its turn has come: null is given back, and no connection made, where it says no */
  exchangePatiently(
    offer: ClientHelloOffer,
    options: ExchangeOptions,
    isWanted: () => boolean,
  ): Promise<HandshakeOutcome | null> {
    return this.#inTurn(this.#patient, () => (isWanted() ? this.#exchange(offer, options) : null));
  }

  /** Over HTTP/2 where `alpn` asks for it alone, else in the octets that are given. */
  request(asked: Omit<TlsRequest, 'target' | 'timeoutMs'>): Promise<RequestOutcome> {
    const ask = asked.alpn?.[0] === 'h2' ? requestH2 : request;
    return this.use((target, timeoutMs) => ask({ ...asked, target, timeoutMs }));
  }

  /** The same through our own engine, for what node:tls would not send. */
  rawRequest(asked: Omit<TlsRequest, 'target' | 'timeoutMs'>): Promise<RequestOutcome> {
    return this.use((target, timeoutMs) => rawRequest({ ...asked, target, timeoutMs }));
  }

  /** Any other kind of connection, one at a time for each call.
   *  @param work makes the connection within the time given, in milliseconds; it counts as open until what `hold` is told of */
  use<T>(work: (target: Target, timeoutMs: number, hold: Hold) => Promise<T>): Promise<T> {
    let held: Promise<void> | undefined;
    const hold = (closed: Promise<void>): void => {
      held = closed;
    };
    return this.#inTurn(
      this.#urgent,
      () => {
        this.#count += 1;
        return work(this.target, this.timeoutMs, hold);
      },
      () => held,
    );
  }

  #exchange(offer: ClientHelloOffer, options: ExchangeOptions): Promise<HandshakeOutcome> {
    this.#count += 1;
    const limits = { timeoutMs: this.timeoutMs, connectTimeoutMs: this.timeoutMs, ...options.limits };
    return exchange(this.target, offer, { ...options, limits });
  }

  async #inTurn<T>(
    queue: Array<() => void>,
    work: () => Promise<T> | T,
    held: () => Promise<void> | undefined = () => undefined,
  ): Promise<T> {
    const admitted = new Promise<void>((resolve) => queue.push(resolve));
    this.#admit();
    await admitted;
    try {
      return await work();
    } finally {
      const closed = held();
      if (closed === undefined) this.#leave();
      else void closed.then(() => this.#leave());
    }
  }

  #leave(): void {
    this.#open -= 1;
    this.#budget?.give();
    this.#admit();
  }

  readonly #admit = (): void => {
    while (this.#open < this.#limit && this.#urgent.length + this.#patient.length > 0) {
      if (this.#budget?.take(this.#admit) === false) return;
      this.#open += 1;
      (this.#urgent.shift() ?? this.#patient.shift())?.();
    }
  };
}
