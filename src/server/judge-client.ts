import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { type PathCertificate, readPathCertificate } from '../path/path-certificate.js';
import type { Refusal } from '../path/path-result.js';
import { verifyRead } from '../path/verify-certificate.js';
import type { Certificate } from '../x509/certificate.js';
import { latin1, sameBytes } from '../x509/der.js';
import { type ClientAuthority, trustAnchor } from './client-authority.js';
import { NO_CERTIFICATE, pathRefusal, serverRefusal } from './client-refusal.js';
import { type Identity, identityOf } from './identity.js';
import type { ClientRefusal } from './server-event.js';
import { sessionCertificate } from './session-certificate.js';

/** A client whose certificate was verified: the only thing that says who it is. */
export interface VerifiedClient {
  readonly leaf: Certificate;
  readonly identity: Identity;
  /** From the leaf up to the CA below the trust anchor; with a single CA the leaf alone. */
  readonly path: readonly Certificate[];
  /** When the last of them begins to be valid, and when the first of them ends: Unix time in milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
}

export type ClientVerdict =
  | { readonly kind: 'verified'; readonly client: VerifiedClient }
  | { readonly kind: 'refused'; readonly refusal: ClientRefusal };

/** Judges the certificates of connections whose handshake is done, so that their keys are proved to be the clients'. Both have
 *  to agree: our own path validation, which gives the reason, and OpenSSL's. What path validation found good is not searched for
 *  again while it lasts: by the same octets it is the same path, whatever else is presented beside them. */
export class ClientJudge {
  readonly #trusted: PathCertificate | Refusal;
  readonly #issuing: PathCertificate | Refusal;
  readonly #issuingDer: Uint8Array;
  readonly #known = new Map<string, KnownPath>();

  constructor(authority: Pick<ClientAuthority, 'root' | 'issuing'>) {
    this.#trusted = readPathCertificate(trustAnchor(authority).der);
    this.#issuingDer = authority.issuing.parsed.der;
    this.#issuing = readPathCertificate(this.#issuingDer);
  }

  /** Whether the client is who it says; not whether its certificate is revoked.
   *  A resumed session still has the client's certificate, without the chain; ours are at hand anyway. So its certificate alone is
   *  tried first: what else it presented costs more to ask for than all the rest. */
  judge(socket: TLSSocket, now: Date): ClientVerdict {
    const certificate = socket.authorized ? sessionCertificate(socket.getSession()) : null;
    const alone = certificate === null ? null : this.#find(certificate, [], now);
    if (alone !== null && 'leaf' in alone) return { kind: 'verified', client: alone };
    const [leaf, ...intermediates] = presentedChain(socket);
    if (leaf === undefined) return refused(NO_CERTIFICATE);
    const found = this.#find(leaf, intermediates, now);
    if (!('leaf' in found)) return refused(found);
    if (!socket.authorized) return refused(unauthorized(socket, found.leaf));
    return { kind: 'verified', client: found };
  }

  /** Judges a client that another trust let in, by its certificate and those it came with. */
  judgeAgain({ path: [leaf, ...intermediates] }: VerifiedClient, now: Date): VerifiedClient | ClientRefusal {
    return this.#find(
      leaf!.der,
      intermediates.map(({ der }) => der),
      now,
    );
  }

  #find(leaf: Uint8Array, intermediates: readonly Uint8Array[], now: Date): VerifiedClient | ClientRefusal {
    const key = latin1(leaf);
    const known = this.#recall(key, now.getTime());
    if (known !== undefined) return known;
    const found = this.#search(leaf, intermediates, now);
    if ('leaf' in found) this.#remember(key, found, now);
    return found;
  }

  #search(leaf: Uint8Array, intermediates: readonly Uint8Array[], now: Date): VerifiedClient | ClientRefusal {
    const read = readPathCertificate(leaf);
    const verified = verifyRead({
      leaf: read,
      trusted: [this.#trusted],
      untrusted: [
        ...intermediates.filter((der) => !sameBytes(der, this.#issuingDer)).map(readPathCertificate),
        this.#issuing,
      ],
      crls: [],
      at: now,
      purpose: 'client',
      notes: false,
    });
    if (!verified.ok) return pathRefusal(verified, 'reason' in read ? null : read.certificate);
    return verifiedClient(verified.path.slice(0, -1));
  }

  /** Not for ever: what is strong enough may change with the day. */
  #recall(key: string, now: number): VerifiedClient | undefined {
    const known = this.#known.get(key);
    if (known === undefined) return undefined;
    const { client, until } = known;
    if (client.notBefore <= now && now <= client.notAfter && now < until) return client;
    this.#known.delete(key);
    return undefined;
  }

  #remember(key: string, client: VerifiedClient, now: Date): void {
    for (const [oldest] of this.#known) {
      if (this.#known.size < MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
    this.#known.set(key, { client, until: now.getTime() + KNOWN_FOR_MS });
  }
}

interface KnownPath {
  readonly client: VerifiedClient;
  /** Milliseconds since 1970. */
  readonly until: number;
}

function verifiedClient(path: readonly Certificate[]): VerifiedClient {
  return {
    leaf: path[0]!,
    identity: identityOf(path[0]!),
    path,
    notBefore: Math.max(...path.map(({ validity }) => validity.notBefore.getTime())),
    notAfter: Math.min(...path.map(({ validity }) => validity.notAfter.getTime())),
  };
}

/** By the older of Node's two calls: `getPeerX509Certificate` never lets go of the certificate of a client (Node 20), some 5 kB of
 *  memory for each connection. */
function presentedChain(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw !== undefined && chain.length < MAX_PRESENTED) {
    chain.push(next.raw);
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate; // a root is its own issuer
  }
  return chain;
}

function unauthorized({ authorizationError }: TLSSocket, leaf: Certificate): ClientRefusal {
  const why = authorizationError instanceof Error ? authorizationError.message : String(authorizationError);
  return serverRefusal(
    'not-authorized-by-tls',
    `OpenSSL does not accept the certificate: ${why}`,
    'have one issued by this CA: `sslapi issue-client NAME`',
    leaf,
  );
}

function refused(refusal: ClientRefusal): ClientVerdict {
  return { kind: 'refused', refusal };
}

const MAX_PRESENTED = 16;
/** So that the memory of a server has an end, whoever comes. */
const MAX_KNOWN = 4_096;
const KNOWN_FOR_MS = 600_000;
