import type { LiveCounts, RefusalCount } from './page/live-counts.js';
import { refusalTitle } from './page/live-counts.js';
import type { ClientRefusalCode, KeptEvent, RefusedEvent, ReloadedEvent } from './server-event.js';
import { Tally } from './tally.js';

/** What a running server counts, from its start on. */
export class ServerCounts {
  requests = 0;
  /** Connections that were ended because nothing came on them. */
  idle = 0;
  readonly handshakes = new Tally<readonly [version: string, resumed: 'yes' | 'no']>();
  readonly refused = new Tally<readonly [code: ClientRefusalCode, during: RefusedEvent['during']]>();
  /** Requests that were answered, by the pattern of their route. */
  readonly answered = new Tally<readonly [method: string, route: string, status: string]>();
  readonly reloads = new Tally<readonly [what: ReloadedEvent['what'], outcome: 'reloaded' | 'kept']>();
  readonly #refusals = new Map<ClientRefusalCode, RefusalCount>();
  readonly #open: () => number;

  /** @param open how many connections there are */
  constructor(open: () => number) {
    this.#open = open;
  }

  get openConnections(): number {
    return this.#open();
  }

  countHandshake(version: string | null, isResumed: boolean): void {
    this.handshakes.add(version ?? 'unknown', isResumed ? 'yes' : 'no');
  }

  countRefusal({ code, during, fix, at }: Pick<RefusedEvent, 'code' | 'during' | 'fix' | 'at'>): void {
    this.refused.add(code, during);
    const count = (this.#refusals.get(code)?.count ?? 0) + 1;
    this.#refusals.set(code, { code, title: refusalTitle(code), count, fix, lastAt: at.toISOString() });
  }

  countReload({ what, kind }: ReloadedEvent | KeptEvent): void {
    this.reloads.add(what, kind);
  }

  /** As of now. */
  live(): LiveCounts {
    const refusals = [...this.#refusals.values()].sort((one, other) => other.count - one.count);
    return {
      handshakes: this.handshakes.sum(),
      resumed: this.handshakes.sum(([, resumed]) => resumed === 'yes'),
      openConnections: this.openConnections,
      requests: this.requests,
      refused: this.refused.sum(),
      refusals,
    };
  }
}
