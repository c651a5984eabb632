import type { Socket } from 'node:net';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { type HttpAnswer, type Rest, readHttpResponse } from './http-response.js';
import {
  REQUEST_GROUPS,
  type RequestEnding,
  type RequestOutcome,
  type TlsRequest,
} from './request-outcome.js';
import { loginAnswer } from './starttls/protocols.js';
import type { LoginAnswer } from './starttls/starttls-protocol.js';
import type { TlsVersion } from './version.js';

/** Sees one connection through node:tls and tells it afterwards. */
export class RequestWatch {
  readonly #socket: TLSSocket;
  readonly #raw: Socket;
  readonly #asked: TlsRequest;
  readonly #helloBytes: number;
  #chunks: Buffer[] = [];
  #receivedBytes = 0;
  #bytesWithRequest: number | null = null;
  #requestBytes: number;
  #secured: Secured | null = null;
  #renegotiated = false;
  #session: Uint8Array | null = null;

  constructor(socket: TLSSocket, raw: Socket, asked: TlsRequest) {
    this.#socket = socket;
    this.#raw = raw;
    this.#asked = asked;
    this.#helloBytes = raw.bytesWritten;
    this.#requestBytes = asked.request.length;
  }

  /** To be called on each secureConnect; false on a second one, which is a renegotiation. */
  secured(): boolean {
    if (this.#secured !== null) {
      this.#renegotiated = true;
      return false;
    }
    this.#secured = whatWasAgreed(this.#socket, this.#asked.groups?.[0] ?? REQUEST_GROUPS[0]);
    return true;
  }

  /** To be called at once after the request: OpenSSL holds the last flight of TLS 1.3 back until then. Now and then node:tls
   *  holds it back for longer: then what has gone out in the end is what counts.
   *  @param octets of the request as it was written */
  requestWritten(octets = this.#requestBytes): void {
    const { bytesWritten } = this.#raw;
    this.#requestBytes = octets;
    this.#bytesWithRequest = bytesWritten > this.#helloBytes ? bytesWritten : null;
  }

  keepSession(session: Uint8Array): void {
    this.#session = session;
  }

  /** False once more has come than is worth reading. */
  received(chunk: Buffer): boolean {
    this.#receivedBytes += chunk.length;
    if (this.#receivedBytes > MAX_RECEIVED_BYTES) return false;
    this.#chunks.push(chunk);
    return true;
  }

  /** Whether the answer is all there. */
  isWhole(): boolean {
    return this.#login() !== null || typeof this.#answer('more') === 'object';
  }

  /** Once the answer is all there, how the connection ended after it is of no interest. */
  outcome(ending: RequestEnding): RequestOutcome {
    const ended: RequestEnding = this.isWhole() ? { kind: 'complete' } : ending;
    const answer = this.#answer(this.isWhole() ? 'more' : ended.kind === 'eof' ? 'closed' : 'broken');
    return this.#told(ended, typeof answer === 'object' ? answer : null, this.#receivedBytes);
  }

  /** The outcome where somebody else has read the answer; what came beside it counts for none. */
  outcomeOf(answer: HttpAnswer | null, ended: RequestEnding): RequestOutcome {
    return this.#told(answer?.whole ? { kind: 'complete' } : ended, answer, answer?.body.length ?? 0);
  }

  #told(ended: RequestEnding, http: HttpAnswer | null, receivedBytes: number): RequestOutcome {
    return {
      handshake: this.#secured === null ? 'failed' : 'completed',
      ended,
      protocol: this.#secured?.protocol ?? null,
      cipherSuite: this.#secured?.cipherSuite ?? null,
      alpn: this.#secured?.alpn ?? null,
      resumed: this.#secured?.resumed ?? false,
      authorized: this.#secured?.authorized ?? false,
      peerCertificates: this.#secured?.peerCertificates ?? [],
      certificateSent: this.#certificateSent(),
      renegotiated: this.#renegotiated,
      http,
      login: this.#login(),
      receivedBytes,
      session: this.#session,
    };
  }

  #login(): LoginAnswer | null {
    return loginAnswer(this.#asked.target, this.#chunks);
  }

  #answer(rest: Rest): ReturnType<typeof readHttpResponse> {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return readHttpResponse(this.#chunks[0] ?? new Uint8Array(), rest);
  }

  /** node:tls does not say; the octets on the wire do: what went out between the hello and the request is not shorter than
   *  the chain. A second hello, after a HelloRetryRequest or on renegotiation, is as long as the first at least. */
  #certificateSent(): boolean | null {
    const { certificate } = this.#asked;
    if (!certificate) return null;
    const chainBytes = certificate.chain.reduce((total, der) => total + der.length, 0);
    const written = this.#raw.bytesWritten;
    if (this.#secured === null) return written - this.#helloBytes >= chainBytes;
    const withRequest = this.#bytesWithRequest ?? written;
    const secondHelloBytes = this.#secured.retried ? this.#helloBytes : 0;
    if (withRequest - this.#helloBytes - secondHelloBytes - this.#requestBytes >= chainBytes) return true;
    return this.#secured.protocol !== 'TLSv1.3' && written - withRequest - this.#helloBytes >= chainBytes;
  }
}

interface Secured {
  readonly protocol: TlsVersion | null;
  readonly cipherSuite: string;
  readonly alpn: string | null;
  readonly resumed: boolean;
  readonly authorized: boolean;
  readonly peerCertificates: readonly Uint8Array[];
  /** The server asked for another key share than the one that was sent. */
  readonly retried: boolean;
}

function whatWasAgreed(socket: TLSSocket, firstGroup: string | undefined): Secured {
  const protocol = socket.getProtocol() as TlsVersion | null;
  return {
    protocol,
    cipherSuite: socket.getCipher().standardName,
    alpn: socket.alpnProtocol || null,
    resumed: socket.isSessionReused(),
    authorized: socket.authorized,
    peerCertificates: chainOf(socket.getPeerCertificate(true)),
    retried: protocol === 'TLSv1.3' && !isGroup(socket, firstGroup),
  };
}

function isGroup(socket: TLSSocket, group: string | undefined): boolean {
  const { name } = socket.getEphemeralKeyInfo() as { name?: string };
  return name === undefined || name === (OPENSSL_GROUP_NAMES[group ?? ''] ?? group);
}

/** Issuer by issuer; a root is its own. */
function chainOf(leaf: DetailedPeerCertificate): Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let next: DetailedPeerCertificate | undefined = leaf; next?.raw && chain.length < 32; ) {
    chain.push(next.raw);
    const issuer: DetailedPeerCertificate | undefined = next.issuerCertificate;
    next = issuer === next ? undefined : issuer;
  }
  return chain;
}

/** Room for the largest body that is kept, its chunking and its head. */
const MAX_RECEIVED_BYTES = 262_144;
/** The names that getEphemeralKeyInfo gives, where they are others than those that `ecdhCurve` takes. */
const OPENSSL_GROUP_NAMES: Readonly<Record<string, string>> = {
  'P-256': 'prime256v1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};
