import type { RequestVersion } from './observations.js';
import type { Severity } from './severity.js';

/** One credential, shown once: what was to come of it and what did. */
export interface ProofRow {
  /** Id of the credential; `good` comes first and last. */
  readonly credential: string;
  readonly tlsVersion: RequestVersion;
  /** The protocol that ALPN agreed upon; null for none. */
  readonly alpn: string | null;
  readonly path: string;
  /** Null where there was no certificate. */
  readonly keyType: string | null;
  readonly expected: 'accept' | 'refuse' | 'either';
  readonly observed: 'accepted' | 'refused' | 'not-sent' | 'inconclusive';
  readonly status: 'pass' | 'fail' | 'advisory' | 'inconclusive' | 'not-applicable';
  readonly severity: Severity;
  /** How it was refused; null where it was not. */
  readonly how: 'alert' | 'closed' | 'http' | null;
  /** The alert by its RFC name; null where there was none. */
  readonly alert: string | null;
  /** Null where no HTTP answer came. */
  readonly httpStatus: number | null;
  /** What was seen, and where it is not what should be, why that may be and what to change. */
  readonly evidence: string;
  /** What came of `good` on the same path and version, before and after. */
  readonly twin: 'accepted' | 'refused' | 'not-run';
}

/** What came of one attempt, before it is held against what was expected. */
export type Sighting = Pick<ProofRow, 'observed' | 'how' | 'alert' | 'httpStatus' | 'evidence'>;
