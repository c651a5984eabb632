/** The server that a proof has started by itself, on loopback. */
export interface ProvedServer {
  /** As `sslapi config` names it. */
  readonly name: string;
  /** As the server says it itself. */
  readonly version: string;
  /** The level that it was configured for. */
  readonly level: string;
  /** What it is known to be unable to do, as far as the proof met with it. */
  readonly limits: readonly KnownLimit[];
}

/** Rows that were let in, or checks that failed, as it had to be expected. */
export interface KnownLimit {
  /** `caddy cannot check CRLs` */
  readonly limit: string;
  /** The ids of what was let in. */
  readonly credentials: readonly string[];
  /** How many rows that are. */
  readonly rows: number;
  /** The ids of checks that failed; none unless said. */
  readonly checks?: readonly string[];
}
