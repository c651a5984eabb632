import type { ProbeOptions } from '../../src/probe/probe.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import type { FaultPki } from './fault-pki.js';

/** The servers of the lab. */
export const STACKS = ['nginx', 'apache', 'haproxy', 'caddy', 'node'] as const;
export type Stack = (typeof STACKS)[number];

/** One configuration of a server, and by what the proof must find what is wrong with it. */
export interface LabCase {
  /** What is wrong; null where all is right. */
  readonly fault: string | null;
  /** All that must fail, and nothing else may: ids of rows, and of checks that the verdict counts. */
  readonly caughtBy: readonly string[];
  /** How, where it is not by failing: everyone is refused without a word, so that it cannot be told why. */
  readonly as?: 'inconclusive';
  /** Of those, what fails wherever it is tried, for this server knows no better. */
  readonly anyhow?: readonly string[];
  /** The only place where the others may fail; everywhere by default. */
  readonly where?: Partial<Pick<ProofRow, 'path' | 'tlsVersion' | 'alpn'>>;
  /** A client of the proof's own is revoked, and the server is reloaded (`--revoke-live --on-crl`). */
  readonly live?: true;
  /** What the user says beside the target. */
  readonly probe?: Pick<ProbeOptions, 'paths' | 'identities'>;
}

/** What a configuration is written for. */
export interface Ground {
  readonly pki: FaultPki;
  readonly port: number;
  /** The port of an application that knows a client by the headers of the server before it; under /open it knows nobody. */
  readonly backend: number;
}

/** A case that is a text in the configuration of a server. */
export interface ConfiguredCase extends LabCase {
  readonly write: (ground: Ground) => string;
}

/** Where a case of the lab listens. */
export interface StartedCase {
  readonly stack: Stack;
  readonly lab: LabCase;
  readonly port: number;
}

/** Changes a configuration. @throws where there is nothing to change, for then the fault would not be there */
export function changed(text: string, ...changes: ReadonlyArray<readonly [RegExp | string, string]>): string {
  return changes.reduce((before, [what, by]) => {
    const after = before.replace(what, () => by);
    if (after === before) throw new Error(`nothing to change: no ${what} in\n${before}`);
    return after;
  }, text);
}
