import { setTimeout as pause } from 'node:timers/promises';
import { alertName } from '../../tls/alert.js';
import type { ClientHelloOffer } from '../../tls/client-hello.js';
import type { ExchangeOptions, HandshakeOutcome, ServerHelloOutcome } from '../../tls/exchange.js';
import type { Connections } from '../connections.js';
import { endingInWords } from '../scan.js';

/** What a server makes of one hello. Silence is never a refusal, and a close is one only where it is no matter of load. */
export type Answer =
  | { readonly kind: 'hello'; readonly outcome: ServerHelloOutcome }
  | { readonly kind: 'refused'; readonly outcome: NoHello; readonly alert: number | null }
  | { readonly kind: 'untold'; readonly outcome: HandshakeOutcome | null; readonly why: string };

/** Every outcome without a ServerHello. */
export type NoHello = Exclude<HandshakeOutcome, ServerHelloOutcome>;

/** Told of every ServerHello that comes. */
export type OnHello = (outcome: ServerHelloOutcome, offer: ClientHelloOffer) => void;

/** The hellos of one scan. It goes slower where the server resets, falls silent or says nothing at all, and ends within its budget. */
export class Hellos {
  readonly connections: Connections;
  readonly #onHello: OnHello;
  readonly #deadline: number;
  readonly #fullLimit: number;
  #stopped: string | null = null;
  #silences = 0;
  #closesForGood = 0;
  #closesByLoad = false;
  #slowedAt = 0;
  #known: { offer: ClientHelloOffer; options: ExchangeOptions } | null = null;

  constructor(connections: Connections, onHello: OnHello, budgetMs = BUDGET_MS) {
    this.connections = connections;
    this.#onHello = onHello;
    this.#deadline = performance.now() + budgetMs;
    this.#fullLimit = connections.limit;
  }

  /** Milliseconds that are left. */
  get leftMs(): number {
    return Math.max(0, this.#deadline - performance.now());
  }

  /** Sends a hello, again where silence or a close may have been a matter of load.
   *  @param sent what came of it the first time, where it was sent already */
  async ask(
    offer: ClientHelloOffer,
    options: ExchangeOptions = {},
    sent: HandshakeOutcome | null = null,
  ): Promise<Answer> {
    for (let tries = 1; ; tries += 1) {
      const already = tries === 1 ? sent : null;
      const outcome =
        already ?? (await this.connections.exchangePatiently(offer, options, () => this.#goesOn()));
      if (outcome === null) return { kind: 'untold', outcome, why: this.#stopped ?? 'not asked' };
      this.#heedSilence(outcome);
      if (outcome.kind === 'server-hello') {
        if (tries > 1) this.#closesByLoad = true;
        this.#known ??= { offer, options };
        this.#onHello(outcome, offer);
        return { kind: 'hello', outcome };
      }
      if (outcome.kind === 'alert') return { kind: 'refused', outcome, alert: outcome.alert };
      const answer = await this.#silenceOrClose(outcome, tries);
      if (answer !== null) return answer;
    }
  }

  /** Why refusals by a mere close are in doubt; null where there were none, or where a hello that was taken before still is. */
  async doubt(): Promise<string | null> {
    if (this.#stopped !== null) return this.#stopped;
    if (this.#closesForGood === 0 || (await this.#isStillTaken())) return null;
    return 'in the end the server closed on a hello that it had taken';
  }

  /** What became of a hello that brought neither ServerHello nor alert; null where it is to be sent again. */
  async #silenceOrClose(outcome: NoHello, tries: number) {
    const untold = { kind: 'untold', outcome, why: endingInWords(outcome) } as const;
    switch (outcome.kind) {
      case 'eof':
      case 'reset':
        if (this.#closesToRefuse()) return { kind: 'refused', outcome, alert: null } as const;
        if (tries <= PAUSES_MS.length) return this.#slowDown(PAUSES_MS[tries - 1]!);
        if (!(await this.#isStillTaken())) this.#closesByLoad = true;
        if (this.#closesByLoad) return untold;
        this.#closesForGood += 1;
        if (this.#closesToRefuse()) this.connections.allow(this.#fullLimit);
        return { kind: 'refused', outcome, alert: null } as const;
      case 'unreachable':
        return tries <= PAUSES_MS.length ? this.#slowDown(PAUSES_MS[tries - 1]!) : untold;
      case 'timeout':
        return tries === 1 && this.#known !== null ? null : untold;
      default:
        return untold;
    }
  }

  /** Whether a hello that was taken before is taken now, when another one is not. */
  async #isStillTaken(): Promise<boolean> {
    if (this.#known === null) return true;
    const { offer, options } = this.#known;
    const outcome = await this.connections.exchangePatiently(offer, options, () => this.#goesOn());
    return outcome?.kind === 'server-hello';
  }

  /** A server that closes again and again on the same hello, and takes others, refuses by closing. */
  #closesToRefuse(): boolean {
    return this.#closesForGood >= CLOSES_THAT_CONVINCE && !this.#closesByLoad;
  }

  async #slowDown(pauseMs: number): Promise<null> {
    const now = performance.now();
    if (now - this.#slowedAt > BURST_MS) {
      this.#slowedAt = now;
      this.connections.allow(Math.max(1, Math.floor(this.connections.limit / 2)));
    }
    await pause(pauseMs);
    return null;
  }

  #heedSilence(outcome: HandshakeOutcome): void {
    this.#silences = isSilence(outcome) ? this.#silences + 1 : 0;
    if (this.#silences >= SILENCES_TO_GO_SLOW) this.connections.allow(1);
    if (this.#silences >= SILENCES_TO_STOP) this.#stopped ??= 'the server fell silent';
  }

  #goesOn(): boolean {
    if (performance.now() > this.#deadline) this.#stopped ??= 'the time for one endpoint was over';
    return this.#stopped === null;
  }
}

/** Whether a server said nothing, be it to a packet that would connect, before TLS, or to a hello. What a proxy does not say is
 *  no matter of the server behind it. */
function isSilence(outcome: HandshakeOutcome): boolean {
  if (outcome.kind !== 'unreachable') return outcome.kind === 'timeout';
  return outcome.why === 'connect-timeout' || outcome.why === 'starttls-timeout';
}

/** How a hello was refused, in words. */
export function refusalInWords({ outcome, alert }: Extract<Answer, { kind: 'refused' }>): string {
  return alert === null ? endingInWords(outcome) : `alert ${alertName(alert)}`;
}

const BUDGET_MS = 60_000;
const PAUSES_MS = [40, 250];
const BURST_MS = 100;
const CLOSES_THAT_CONVINCE = 2;
const SILENCES_TO_GO_SLOW = 3;
const SILENCES_TO_STOP = 6;
