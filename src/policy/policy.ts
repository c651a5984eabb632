/** The policies that ship with sslapi; a file of one's own has the same shape under an id of its own. */
export type PolicyId = 'modern' | 'intermediate' | 'nist' | 'bcp195';

/** What an endpoint may offer, and what it must, as one dated source says it. Pure data: config writes it,
 *  probe measures against it. */
export interface Policy {
  readonly id: string;
  readonly title: string;
  /** The version of the source, as the source counts. */
  readonly version: string;
  /** The day the source was published, ISO 8601. */
  readonly published: string;
  /** The day this data was last held against its source, ISO 8601; a policy ages from here. */
  readonly checked: string;
  readonly source: string;
  /** What else is to be known of this data: what it was held against, or that a newer edition is out. */
  readonly note: string | null;
  /** The protocol versions that may be offered, oldest first; anything else is a finding. */
  readonly protocols: readonly PolicyProtocol[];
  /** Those of them that must be offered. */
  readonly requiredProtocols: readonly PolicyProtocol[];
  /** The cipher suites to configure for each version, in the order of the source. */
  readonly cipherSuites: Readonly<Record<PolicyProtocol, readonly CipherSuite[]>>;
  /** The named groups to configure, by IANA name, in the order of the source. */
  readonly groups: readonly string[];
  /** What the source does not name but does not speak against either: never written, never a finding. */
  readonly alsoAcceptable: {
    readonly cipherSuites: readonly CipherSuite[];
    readonly groups: readonly string[];
  };
  /** The signature schemes of a handshake, by IANA name; null where the source leaves them open. */
  readonly signatureSchemes: readonly string[] | null;
  /** Whether the server must choose by its own order; null where the source leaves it open. */
  readonly serverPreference: boolean | null;
  readonly certificate: CertificatePolicy;
  /** The fewest bits of a finite-field Diffie-Hellman prime; null where no such suite may be offered. */
  readonly minimumDhBits: number | null;
  /** The least max-age of Strict-Transport-Security in seconds (RFC 6797 §6.1.1); null where the source has none. */
  readonly hstsMaxAgeSeconds: number | null;
}

/** What a server's certificate must be like. */
export interface CertificatePolicy {
  /** Kinds of key as `--key-type` begins: `ec`, `rsa`, `ed25519`. */
  readonly keyKinds: readonly string[];
  /** Named curves of EC keys, by IANA group name. */
  readonly curves: readonly string[];
  /** The fewest bits of an RSA modulus; null where RSA is not among the kinds. */
  readonly minimumRsaBits: number | null;
  /** Signature algorithms by the names of their object identifiers; null where only weak hashes are ruled out. */
  readonly signatureAlgorithms: readonly string[] | null;
  /** From notBefore to notAfter, in days; null where the source has no limit. */
  readonly maximumLifetimeDays: number | null;
}

/** The versions that a policy of today can allow; older ones are named only to be refused. */
export type PolicyProtocol = 'TLSv1.2' | 'TLSv1.3';

export const POLICY_PROTOCOLS: readonly PolicyProtocol[] = ['TLSv1.2', 'TLSv1.3'];

/** A cipher suite under both of its names: IANA's for reports, OpenSSL's for configuration files. */
export interface CipherSuite {
  readonly name: string;
  readonly opensslName: string;
}
