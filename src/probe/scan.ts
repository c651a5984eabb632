import type { Ending } from '../tls/ending.js';
import type { TlsVersion } from '../tls/version.js';

/** What was found out, or in words why it was not: null is never a value of its own. */
export type Told<T> =
  | { readonly value: T; readonly why: null }
  | { readonly value: null; readonly why: string };

export function told<T>(value: T): Told<T> {
  return { value, why: null };
}

export function untold(why: string): { readonly value: null; readonly why: string } {
  return { value: null, why };
}

/** What an endpoint offers: every check reads it, none connects. Versions that are not spoken have no entry in a map. */
export interface Scan {
  readonly protocols: Readonly<Record<TlsVersion, Told<boolean>>>;
  readonly cipherSuites: ReadonlyMap<TlsVersion, OfferedSuites>;
  readonly groups: ReadonlyMap<TlsVersion, Offered>;
  readonly signatureSchemes: ReadonlyMap<TlsVersion, Offered>;
  /** Every distinct finite-field group that a ServerKeyExchange held. */
  readonly dhParameters: readonly DhParameters[];
  /** Bits of the shortest temporary RSA key, which EXPORT suites alone have a place for; null where none came. */
  readonly exportRsaBits: number | null;
  /** Every distinct chain that was shown; the one for the name that was asked for stands first. */
  readonly chains: readonly ShownChain[];
  readonly hello: HelloTraits;
  readonly sessions: SessionTraits;
  readonly faults: FaultFindings;
}

/** Code points that an endpoint takes. */
export interface Offered {
  readonly ids: readonly number[];
  /** Why there may be more than these; null where there are none. */
  readonly incomplete: string | null;
}

export interface OfferedSuites extends Offered {
  /** In the server's order where it has one, else as the tables have them. For SSL 2.0 cipher kinds of three octets. */
  readonly ids: readonly number[];
  /** Whether the server chooses by its own order; a single suite leaves nothing to choose. */
  readonly serverOrder: Told<boolean>;
}

/** A finite-field Diffie-Hellman group, RFC 5246 §7.4.3. */
export interface DhParameters {
  readonly version: TlsVersion;
  readonly cipherSuite: number;
  readonly primeBits: number;
  readonly prime: Uint8Array;
  readonly generator: Uint8Array;
}

/** A chain and what came with it. */
export interface ShownChain {
  /** How it was come by. */
  readonly asked: 'by-name' | 'for-rsa' | 'for-ecdsa' | 'without-name';
  /** In DER as sent. */
  readonly chain: readonly Uint8Array[];
  /** OCSPResponse in DER. */
  readonly ocspResponse: Uint8Array | null;
  /** SerializedSCTs of the handshake; those of the certificate stand in the certificate. */
  readonly signedCertificateTimestamps: readonly Uint8Array[];
}

/** What a server makes of one or the other thing in a ClientHello. */
export interface HelloTraits {
  /** Protocols that ALPN agrees upon, of those that were offered. */
  readonly alpn: Told<readonly string[]>;
  /** Takes DEFLATE, TLS 1.2 and before. */
  readonly compression: Told<boolean>;
  /** Knows renegotiation_info, RFC 5746; TLS 1.2 and before. */
  readonly secureRenegotiation: Told<boolean>;
  /** RFC 7627; TLS 1.2 and before. */
  readonly extendedMasterSecret: Told<boolean>;
  /** RFC 7366; where a CBC suite was agreed upon. */
  readonly encryptThenMac: Told<boolean>;
  /** Refuses a fallback by inappropriate_fallback, RFC 7507. */
  readonly fallbackScsv: Told<boolean>;
  /** Marks the random of a lower version than its highest, RFC 8446 §4.1.3. */
  readonly downgradeSentinel: Told<boolean>;
  /** Marks the random of its highest version, as if there were one above it that was cut off. */
  readonly claimsHigherVersion: Told<boolean>;
  /** Passes over reserved values, RFC 8701. */
  readonly toleratesGrease: Told<boolean>;
  /** Answers a hello of a version yet to come with one that it knows. */
  readonly toleratesUnknownVersion: Told<boolean>;
}

/** What a server gives to resume by, and whether it does; `renegotiates` belongs here for it needs a whole handshake too. */
export interface SessionTraits {
  /** Resumes by session id, TLS 1.2 and before. */
  readonly resumesById: Told<boolean>;
  /** Resumes by ticket, TLS 1.2 and before. */
  readonly resumesByTicket: Told<boolean>;
  /** Resumes by a pre-shared key of a ticket, TLS 1.3. */
  readonly resumesTls13: Told<boolean>;
  /** The longest lifetime of a ticket in seconds; 0 where none came. */
  readonly ticketLifetimeSeconds: Told<number>;
  /** Octets of early data that the server takes, TLS 1.3; 0 for none. */
  readonly earlyDataBytes: Told<number>;
  /** Lets a client start a renegotiation, TLS 1.2 and before. */
  readonly clientRenegotiation: Told<boolean>;
}

/** Faults of implementations, each tried for; `evidence` says by what it was seen. */
export interface FaultFindings {
  /** CVE-2014-0160 */
  readonly heartbleed: Told<FaultFinding>;
  /** CVE-2014-0224 */
  readonly ccsInjection: Told<FaultFinding>;
  /** CVE-2016-9244 */
  readonly ticketbleed: Told<FaultFinding>;
  /** An oracle of PKCS #1 v1.5 padding, Bleichenbacher's attack. */
  readonly robot: Told<FaultFinding>;
}

export interface FaultFinding {
  readonly vulnerable: boolean;
  readonly evidence: string;
}

/** How an ending reads in a sentence that says why something could not be told. */
export function endingInWords(ending: Pick<Ending, 'kind'> | { readonly kind: 'unreachable' }): string {
  return ENDINGS[ending.kind] ?? ending.kind;
}

const ENDINGS: Readonly<Record<string, string>> = {
  eof: 'the server closed',
  reset: 'the server reset the connection',
  timeout: 'no answer came in time',
  malformed: 'the answer breaks TLS',
  'not-tls': 'the answer is not TLS',
  unreachable: 'no connection came about',
  'not-read': 'the handshake could not be read on',
};
