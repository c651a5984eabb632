/** By whose rules a path is judged: the RFC's letter, or with the CA/Browser Forum's baseline on top. */
export type Profile = 'rfc5280' | 'webpki';

/** What the certificate is to be used for; `any` asks nothing of its extended key usage. */
export type Purpose = 'server' | 'client' | 'any';

/** A name that the certificate must be for. */
export interface ReferenceName {
  readonly type: 'dns' | 'ip' | 'email' | 'uri';
  readonly value: string;
}

/** The inputs of RFC 5280 §6.1.1 (c) to (f). */
export interface PolicyInputs {
  /** Object identifiers of the policies that are acceptable; anyPolicy for all. */
  readonly initialSet: readonly string[];
  readonly requireExplicit: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}

/** How a certificate is to be verified. */
export interface VerifyOptions {
  /** The moment to judge at; the caller owns the clock. */
  readonly at: Date;
  /** Default `any`. */
  readonly purpose?: Purpose;
  /** Every one of them must be matched. Default none. */
  readonly names?: readonly ReferenceName[];
  /** How many intermediates there may be, self-issued ones not counted; null or absent: any number. */
  readonly maxDepth?: number | null;
  /** Default `rfc5280`. */
  readonly profile?: Profile;
  /** Null or absent: policies are processed with the RFC's default inputs. */
  readonly policy?: PolicyInputs | null;
  /** Whether to look what other validators would have against a path that is good; they are by default. */
  readonly notes?: boolean;
  /** Refuse where the revocation status of a certificate of the path is not told by a CRL or OCSP response. */
  readonly requireCrl?: boolean;
}
