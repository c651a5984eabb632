import type { TlsVersion } from '../../src/tls/version.js';
import type { Lab } from './lab.js';

/** A server of the lab: how it is started, and what is true of it whatever a scanner says. */
export interface LabServer {
  /** Its fixture's name. */
  readonly name: string;
  /** What must be on this machine for it. */
  readonly program: string;
  /** Starts it; gives back its port. */
  readonly start: (lab: Lab) => Promise<number>;
  readonly truth: Truth;
  /** What is spoken before TLS. */
  readonly starttls?: 'smtp' | 'imap' | 'postgres';
  /** Whether testssl.sh, which takes its time, is asked too. */
  readonly testssl?: true;
}

/** Facts that follow from the configuration and from the server's manual. */
export interface Truth {
  /** IANA's names of the suites of every version that is spoken, in the server's order where it has one. For SSL 2.0 its
   *  cipher kinds. */
  readonly cipherSuites: Readonly<Partial<Record<TlsVersion, readonly string[]>>>;
  /** Whether the server goes by its own order; left out where there is nothing to choose. */
  readonly serverOrder?: Readonly<Partial<Record<TlsVersion, boolean>>>;
  /** IANA's names; a version without (EC)DHE has none. */
  readonly groups: Readonly<Partial<Record<TlsVersion, readonly string[]>>>;
  /** The chain that is shown first, as names of certificates of the lab; empty where every suite is anonymous. */
  readonly chain: readonly string[];
  /** The leaves that are shown to clients who take no other; those of `chain` apart. */
  readonly otherLeaves?: readonly string[];
  /** Left out where none is asked for; null where nobody can tell without the server's secret. */
  readonly clientAuth?: { readonly required: boolean; readonly enforcedBy: 'tls' | 'http' | null } | null;
  /** Of every group that DHE is done in, TLS 1.2 and before; none without DHE. */
  readonly dhBits?: readonly number[];
  /** Ids of the checks that fail for what is offered. */
  readonly mustFail?: readonly string[];
  /** Nothing that matters is wrong: no check of medium severity or above fails. */
  readonly good?: true;
}
