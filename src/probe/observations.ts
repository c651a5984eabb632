import type { ReferenceName } from '../path/verify-options.js';
import type { Policy } from '../policy/policy.js';
import type { HandshakeOutcome, ServerHelloOutcome } from '../tls/exchange.js';
import type { StarttlsProtocol } from '../tls/starttls/protocols.js';
import { type TlsVersion, versionNumber } from '../tls/version.js';
import type { Certificate } from '../x509/certificate.js';
import type { Name } from '../x509/name.js';
import type { ClientRequest } from './client-auth.js';
import type { HttpFacts, StrangerAnswer } from './http-facts.js';
import type { JudgedChain } from './judged-chain.js';
import type { ClientAuth } from './probe-report.js';
import type { Scan } from './scan.js';
import type { TrustSource } from './trust.js';

/** What was seen of an endpoint; every check reads it, none connects. */
export interface Observations {
  /** The moment to judge at. */
  readonly at: Date;
  /** What the endpoint is called by, and its certificate must be for. */
  readonly name: ReferenceName;
  /** How TLS began where it does not begin at once. */
  readonly starttls?: StarttlsSeen;
  /** What came of offering each version alone. */
  readonly handshakes: ReadonlyMap<TlsVersion, HandshakeOutcome>;
  /** All that the endpoint offers. */
  readonly scan: Scan;
  /** In DER as sent; empty where none came. */
  readonly chain: readonly Uint8Array[];
  /** Those of the chain that can be read, in order. */
  readonly certificates: readonly Certificate[];
  readonly trust: readonly TrustSource[];
  /** Every distinct chain that was shown, judged; the one for the name that was asked for stands first. */
  readonly chains: readonly JudgedChain[];
  /** Whether the CRLs and OCSP responders that certificates name were asked. */
  readonly revocationAsked: boolean;
  readonly http: HttpFacts;
  /** What strangers got, for each path and version. */
  readonly strangers: readonly StrangerAnswer[];
  /** How each version asks for a client certificate in its handshake. */
  readonly clientRequests: readonly ClientRequest[];
  readonly clientAuth: ClientAuth;
  /** Names in CertificateRequests. */
  readonly acceptableCAs: readonly Name[];
  /** The subjects of the CAs that a proof holds for ours; null where none was asked for. */
  readonly ownCAs: readonly Name[] | null;
  /** What the endpoint is measured against; null where no policy was asked for. */
  readonly policy: Policy | null;
}

/** What was seen on the way to TLS. */
export interface StarttlsSeen {
  readonly protocol: StarttlsProtocol;
  /** The server said more in the clear after it had agreed to TLS. */
  readonly leftover: boolean;
}

/** The versions that a client certificate is tried in. */
export type RequestVersion = 'TLSv1.2' | 'TLSv1.3';
export const REQUEST_VERSIONS: readonly RequestVersion[] = ['TLSv1.2', 'TLSv1.3'];

/** Whether the endpoint speaks a version. A close or reset is a no only where it does speak another. */
export function speaks(
  handshakes: ReadonlyMap<TlsVersion, HandshakeOutcome>,
  version: TlsVersion,
): boolean | null {
  const outcome = handshakes.get(version);
  switch (outcome?.kind) {
    case 'server-hello':
      return outcome.serverHello.version === version;
    case 'alert':
      return false;
    case 'eof':
    case 'reset':
      return [...handshakes.values()].some(({ kind }) => kind === 'server-hello') ? false : null;
    case 'timeout':
    case 'malformed':
    case 'not-tls':
    case 'unreachable':
    case undefined:
      return null;
  }
}

/** The handshakes that came about in the version that was offered, newest first. */
export function spokenHandshakes({
  handshakes,
}: Pick<Observations, 'handshakes'>): Array<readonly [TlsVersion, ServerHelloOutcome]> {
  const spoken: Array<readonly [TlsVersion, ServerHelloOutcome]> = [];
  for (const [version, outcome] of handshakes) {
    if (outcome.kind === 'server-hello' && outcome.serverHello.version === version)
      spoken.push([version, outcome]);
  }
  return spoken.sort(([a], [b]) => versionNumber(b) - versionNumber(a));
}
