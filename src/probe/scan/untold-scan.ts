import { TLS_VERSIONS } from '../../tls/version.js';
import { type Scan, untold } from '../scan.js';

/** The scan of an endpoint of which nothing could be told.
 *  @param reason why */
export function untoldScan(reason: string): Scan {
  const why = untold(reason);
  return {
    protocols: Object.fromEntries(
      TLS_VERSIONS.map((version) => [version, why]),
    ) as unknown as Scan['protocols'],
    cipherSuites: new Map(),
    groups: new Map(),
    signatureSchemes: new Map(),
    dhParameters: [],
    exportRsaBits: null,
    chains: [],
    hello: {
      alpn: why,
      compression: why,
      secureRenegotiation: why,
      extendedMasterSecret: why,
      encryptThenMac: why,
      fallbackScsv: why,
      downgradeSentinel: why,
      claimsHigherVersion: why,
      toleratesGrease: why,
      toleratesUnknownVersion: why,
    },
    sessions: {
      resumesById: why,
      resumesByTicket: why,
      resumesTls13: why,
      ticketLifetimeSeconds: why,
      earlyDataBytes: why,
      clientRenegotiation: why,
    },
    faults: { heartbleed: why, ccsInjection: why, ticketbleed: why, robot: why },
  };
}
