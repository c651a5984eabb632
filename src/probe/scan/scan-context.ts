import type { RequestCertificate } from '../../tls/request-outcome.js';
import type { TlsVersion } from '../../tls/version.js';

/** What is known of an endpoint when its faults and sessions are looked at, while the enumeration still goes on. */
export interface ScanContext {
  /** server_name; null where none is to be sent. */
  readonly servername: string | null;
  /** Versions that are known to be spoken, newest first. */
  readonly spoken: readonly TlsVersion[];
  /** Suites that are known to be taken, by version; each version of `spoken` has one at least, and there may be more. */
  readonly suites: ReadonlyMap<TlsVersion, readonly number[]>;
  /** Groups worth offering: those that are known to be taken first. */
  readonly groups: readonly number[];
  /** An HTTP request for the first path. */
  readonly request: Uint8Array;
  /** Of a client that is let in, for what no stranger gets to see; none by default. */
  readonly certificate?: RequestCertificate | null;
}
