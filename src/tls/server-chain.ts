import { DEFAULT_LIMITS, type Target } from './connect.js';
import { exchange, type HandshakeOutcome } from './exchange.js';
import { fullOffer } from './full-offer.js';
import { AGREEABLE_GROUPS } from './key-share.js';
import type { TlsVersion } from './version.js';

/** The certificates that a server shows to strangers. */
export interface ServerChain {
  readonly kind: 'chain';
  /** In DER, in the order sent. */
  readonly certificates: readonly Uint8Array[];
  readonly version: TlsVersion;
}

/** Asks a server for its chain, and hangs up: nothing of it is judged. Never rejects for what a peer did; tells how the
 *  last attempt ended where none brought a chain.
 *  @param servername server_name; null sends none
 *  @param timeoutMs for one attempt, of which there are three at most */
export async function serverChain(
  target: Target,
  servername: string | null,
  timeoutMs = DEFAULT_LIMITS.timeoutMs,
): Promise<ServerChain | HandshakeOutcome> {
  let last: HandshakeOutcome | undefined;
  for (const versions of ATTEMPTS) {
    const offer = fullOffer(servername, versions);
    let outcome = await exchange(target, offer, { limits: { timeoutMs } });
    if (outcome.kind === 'server-hello' && outcome.serverHello.helloRetryRequest)
      outcome = await exchange(target, { ...offer, groups: AGREEABLE_GROUPS }, { limits: { timeoutMs } });
    const chain = chainOf(outcome);
    if (chain !== null) return chain;
    last = outcome;
    if (outcome.kind === 'unreachable' || outcome.kind === 'not-tls' || outcome.kind === 'timeout') break;
  }
  return last!;
}

function chainOf(outcome: HandshakeOutcome): ServerChain | null {
  if (outcome.kind !== 'server-hello') return null;
  const certificates = outcome.flight.certificate?.chain ?? [];
  const { version } = outcome.serverHello;
  return certificates.length === 0 ? null : { kind: 'chain', certificates, version };
}

/** Newest first; some old servers hang up where TLS 1.3 is so much as mentioned. */
const ATTEMPTS: ReadonlyArray<readonly TlsVersion[]> = [
  ['TLSv1.3', 'TLSv1.2'],
  ['TLSv1.2'],
  ['TLSv1.1', 'TLSv1'],
];
