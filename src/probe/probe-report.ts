import type { ErrorCode } from '../errors.js';
import type { StarttlsProtocol } from '../tls/starttls/protocols.js';
import type { TlsVersion } from '../tls/version.js';
import type { Comparison } from './baseline.js';
import type { CheckResult } from './check.js';
import type { PeerCertificate } from './peer-certificate.js';
import type { ProofRow } from './proof-row.js';
import type { ProvedServer } from './proved-server.js';
import type { ReportSignature } from './sign-report.js';

/** What a probe found out about one endpoint: what `--json` prints, and what every reporter reads. */
export interface ProbeReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly target: ReportedTarget;
  /** The server behind it, where `sslapi prove` has started that by itself. */
  readonly server?: ProvedServer;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** How many connections it took. */
  readonly connections: number;
  /** Whether each version is spoken; null where it could not be told or was not asked. */
  readonly protocols: Readonly<Record<TlsVersion, boolean | null>>;
  /** The suites that are known to be spoken, by version; `incomplete` says where there may be more. */
  readonly cipherSuites: Readonly<Partial<Record<TlsVersion, readonly ReportedCipherSuite[]>>>;
  /** Whether the server chooses by its own order, by version; empty while nobody has looked. */
  readonly serverOrder: Readonly<Partial<Record<TlsVersion, boolean>>>;
  /** The groups that are known to be spoken, by version; `incomplete` says where there may be more. */
  readonly groups: Readonly<Partial<Record<TlsVersion, readonly string[]>>>;
  /** The schemes that the server is known to sign with, by version; `incomplete` says where there may be more. */
  readonly signatureAlgorithms: Readonly<Partial<Record<TlsVersion, readonly string[]>>>;
  /** Which of these lists may lack something, and why; absent where none does. */
  readonly incomplete?: IncompleteLists;
  /** The protocols that ALPN agrees upon, of those that were offered; null where it could not be told. */
  readonly alpn?: readonly string[] | null;
  /** The chain as sent. */
  readonly certificates: readonly PeerCertificate[];
  readonly clientAuth: ClientAuth;
  readonly checks: readonly CheckResult[];
  /** The rows of the proof; null where none was asked for. */
  readonly proof: readonly ProofRow[] | null;
  readonly summary: Summary;
  readonly verdict: Verdict;
  /** What became of an older report; the verdict is then that of what got worse. */
  readonly baseline?: Comparison;
  /** Why there is nothing to tell. */
  readonly error?: ReportedError;
  /** Over all the rest. */
  readonly signature?: ReportSignature;
}

/** Several endpoints probed in one run. */
export interface ProbeReports {
  readonly schemaVersion: 1;
  readonly reports: readonly ProbeReport[];
  readonly verdict: Verdict;
  /** Over all the rest. */
  readonly signature?: ReportSignature;
}

export interface ReportedTarget {
  readonly host: string;
  readonly port: number;
  /** What server_name said; null where none was sent. */
  readonly servername: string | null;
  /** The address that was connected to; null where none answered, or a proxy did it. */
  readonly address: string | null;
  /** What is spoken until TLS begins; absent where it begins at once. */
  readonly starttls?: StarttlsProtocol;
}

export interface ReportedCipherSuite {
  /** IANA's. */
  readonly name: string;
  readonly opensslName: string | null;
  /** `0xc02b` */
  readonly id: string;
}

/** Why a list may be shorter than what is spoken, by version. */
export interface IncompleteLists {
  readonly cipherSuites?: Readonly<Partial<Record<TlsVersion, string>>>;
  readonly groups?: Readonly<Partial<Record<TlsVersion, string>>>;
  readonly signatureAlgorithms?: Readonly<Partial<Record<TlsVersion, string>>>;
}

/** What the endpoint wants of clients. Null is: it could not be told. */
export interface ClientAuth {
  readonly requested: boolean | null;
  readonly required: boolean | null;
  /** Whether the handshake or an HTTP answer turns away who shows no certificate. */
  readonly enforcedBy: 'tls' | 'http' | null;
  /** The names in the CertificateRequest, RFC 4514. */
  readonly acceptableCAs: readonly string[];
}

/** `fail` is exit 1, `inconclusive` exit 3, `pass` exit 0. */
export type Verdict = 'pass' | 'fail' | 'inconclusive';

/** How many checks and rows came to what. */
export interface Summary {
  readonly pass: number;
  readonly fail: number;
  readonly advisory: number;
  readonly inconclusive: number;
  readonly notApplicable: number;
}

export interface ReportedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}
