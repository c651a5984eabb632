import type { Target, Unreachable } from './connect.js';
import type { HttpAnswer } from './http-response.js';
import type { LoginAnswer } from './starttls/starttls-protocol.js';
import type { TlsVersion } from './version.js';

/** What to ask an endpoint for, and as whom. */
export interface TlsRequest {
  readonly target: Target;
  /** server_name; null sends none. */
  readonly servername: string | null;
  /** The only version that is offered. */
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  /** Protocol names to offer by ALPN; none by default. */
  readonly alpn?: readonly string[];
  /** Groups in OpenSSL's names, the one a key share goes out for first; what a raw exchange agreed upon saves a round. */
  readonly groups?: readonly string[];
  /** PEM of the trust anchors that `authorized` is told by; the system's by default. Nothing is refused for it. */
  readonly ca?: readonly string[];
  /** The client certificate to present where the server asks; none by default. */
  readonly certificate?: RequestCertificate | null;
  /** A session of an earlier request to resume. */
  readonly session?: Uint8Array | null;
  /** Octets to send as soon as the handshake is done: an HTTP/1.1 request. */
  readonly request: Uint8Array;
  /** For everything, name resolution included, in milliseconds. */
  readonly timeoutMs: number;
}

/** A client certificate as node:tls takes it. */
export interface RequestCertificate {
  /** In DER, the client's own first. */
  readonly chain: readonly Uint8Array[];
  /** Private key in PEM. */
  readonly key: string;
}

/** How a request ended. `complete`: the whole answer came. `eof`: the peer closed. `refused-locally`: OpenSSL on our side
 *  would not use what it was given, and nothing was sent. */
export type RequestEnding =
  | { readonly kind: 'complete' }
  | { readonly kind: 'alert'; readonly alert: number }
  | { readonly kind: 'eof' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'tls-error'; readonly why: string }
  | { readonly kind: 'refused-locally'; readonly why: string }
  | Unreachable;

/** One connection through node:tls, told as a value. */
export interface RequestOutcome {
  /** `completed` says nothing about a client certificate in TLS 1.3: a server judges it after our handshake is over. */
  readonly handshake: 'completed' | 'failed';
  readonly ended: RequestEnding;
  readonly protocol: TlsVersion | null;
  /** IANA's name of the suite. */
  readonly cipherSuite: string | null;
  readonly alpn: string | null;
  readonly resumed: boolean;
  /** Whether the server's chain led to one of `ca`. */
  readonly authorized: boolean;
  /** The server's chain in DER, in the order of issue. */
  readonly peerCertificates: readonly Uint8Array[];
  /** Whether the client certificate went out: OpenSSL sends an empty Certificate where the server's CertificateRequest does not
   *  allow its key or signature, and none where it was not asked. Null where there was none to send. */
  readonly certificateSent: boolean | null;
  /** The handshake was done a second time on the same connection, TLS 1.2. */
  readonly renegotiated: boolean;
  /** The answer, if it was HTTP. */
  readonly http: HttpAnswer | null;
  /** What the answer was in a protocol in which clients log in; null where it was none, and in all others. */
  readonly login: LoginAnswer | null;
  /** Octets of application data that came. */
  readonly receivedBytes: number;
  /** What the server gave to resume by, last one. */
  readonly session: Uint8Array | null;
}

/** In OpenSSL's names; the first is the only one that a key share is sent for. */
export const REQUEST_GROUPS: readonly string[] = ['X25519', 'P-256', 'P-384', 'P-521', 'X448'];

/** The outcome of a request that nothing is known of but how it ended. */
export function unanswered(ended: RequestEnding): RequestOutcome {
  return {
    handshake: 'failed',
    ended,
    protocol: null,
    cipherSuite: null,
    alpn: null,
    resumed: false,
    authorized: false,
    peerCertificates: [],
    certificateSent: null,
    renegotiated: false,
    http: null,
    login: null,
    receivedBytes: 0,
    session: null,
  };
}
