import type { LiveCounts, RefusalCount } from './page/live-counts.js';
import { refusalTitle } from './page/live-counts.js';
import type { ClientRefusalCode, RefusedEvent } from './server-event.js';

/** What a running server counts, from its start on. */
export class ServerCounts {
  handshakes = 0;
  resumed = 0;
  openConnections = 0;
  requests = 0;
  readonly #refusals = new Map<ClientRefusalCode, RefusalCount>();

  countRefusal({ code, fix, at }: Pick<RefusedEvent, 'code' | 'fix' | 'at'>): void {
    const count = (this.#refusals.get(code)?.count ?? 0) + 1;
    this.#refusals.set(code, { code, title: refusalTitle(code), count, fix, lastAt: at.toISOString() });
  }

  /** As of now. */
  live(): LiveCounts {
    const refusals = [...this.#refusals.values()].sort((one, other) => other.count - one.count);
    return {
      handshakes: this.handshakes,
      resumed: this.resumed,
      openConnections: this.openConnections,
      requests: this.requests,
      refused: refusals.reduce((sum, { count }) => sum + count, 0),
      refusals,
    };
  }
}
