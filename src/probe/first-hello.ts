import { DEFAULT_LIMITS, type Target, type Unreachable } from '../tls/connect.js';
import { exchange, type HandshakeOutcome } from '../tls/exchange.js';
import { fullOffer } from '../tls/full-offer.js';

/** What the first connection to an endpoint brought: whether it can be reached, where it is, and its first answer. */
export interface FirstHello {
  /** The address that answered; null where a proxy knows it, or the peer reset at once. */
  readonly address: string | null;
  /** Whether the server said more in the clear after it had agreed to TLS. */
  readonly leftover: boolean;
  readonly outcome: HandshakeOutcome;
}

/** Sends the hello that a scan begins with. Happy Eyeballs chooses where there are several addresses.
 *  @param servername null sends none */
export async function firstHello(
  target: Target,
  servername: string | null,
  timeoutMs: number,
): Promise<FirstHello | Unreachable> {
  let opened: Pick<FirstHello, 'address' | 'leftover'> = { address: null, leftover: false };
  const outcome = await exchange(target, fullOffer(servername), {
    limits: { ...DEFAULT_LIMITS, connectTimeoutMs: timeoutMs, timeoutMs },
    onOpened: ({ address, leftover }) => {
      opened = { address, leftover };
    },
  });
  return outcome.kind === 'unreachable' ? outcome : { ...opened, outcome };
}
