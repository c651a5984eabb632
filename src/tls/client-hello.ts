import { clientExtensions } from './client-extensions.js';
import { type Extension, extensionList } from './extension.js';
import { greased } from './grease.js';
import { HANDSHAKE_TYPE, handshakeMessage } from './handshake.js';
import type { KeyShare } from './key-share.js';
import { concat, uint8, uint16, vector8, vector16 } from './vector.js';
import { type TlsVersion, versionNumber } from './version.js';

/** What a ClientHello offers. Whatever is left out gets the value of an ordinary, up-to-date client. */
export interface ClientHelloOffer {
  /** SSLv3 to TLSv1.3; SSL 2.0 has a hello of its own. SSLv3 alone goes without extensions. Up to TLS 1.2 a hello can only say
   *  the highest: a server may answer in a lower version, and its ServerHello says so. */
  readonly versions: readonly TlsVersion[];
  /** Code points in order of preference, signalling values included. */
  readonly cipherSuites: readonly number[];
  /** Code points of supported_groups. */
  readonly groups?: readonly number[];
  /** Code points of signature_algorithms. */
  readonly signatureSchemes?: readonly number[];
  /** TLS 1.3: an empty list asks for a HelloRetryRequest. Without it a share of x25519 is made, where x25519 is offered. */
  readonly keyShares?: readonly KeyShare[];
  /** server_name; an address is never sent (RFC 6066 §3). */
  readonly serverName?: string | null;
  /** Protocol names, RFC 7301; none by default. */
  readonly alpn?: readonly string[];
  /** CompressionMethods; null alone by default. */
  readonly compressionMethods?: readonly number[];
  /** Default extensions that are to stay out, by type. */
  readonly omit?: readonly number[];
  /** Extensions to add, or to send instead of the default one of their type. */
  readonly extensions?: readonly Extension[];
  /** Numbers that stand in supported_versions before those of `versions`, for what a server makes of them. */
  readonly extraVersions?: readonly number[];
  /** ProtocolVersion in the hello itself, where it shall not be the highest of `versions` (TLS 1.2 at most). */
  readonly legacyVersion?: number;
  /** ProtocolVersion in the record's header; 0x0301 by default. */
  readonly recordVersion?: number;
  /** legacy_session_id, at most 32 octets; fresh ones by default where TLS 1.3 is offered (RFC 8446 appendix D.4). */
  readonly sessionId?: Uint8Array;
  /** Reserved values of RFC 8701 among suites, groups, versions, schemes and extensions. */
  readonly grease?: boolean;
  /** The whole message is padded to so many octets, RFC 7685. */
  readonly padToBytes?: number;
  /** Octets of the hello in each record. */
  readonly fragmentBytes?: number;
}

/** A ClientHello as it goes out. */
export interface ClientHello {
  readonly offer: ClientHelloOffer;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly keyShares: readonly KeyShare[];
  /** The handshake message with its header. */
  readonly message: Uint8Array;
}

/** What a hello needs beside its offer: randomness and key shares, which come in from outside. */
export interface ClientHelloSecrets {
  /** 32 octets */
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  readonly keyShares: readonly KeyShare[];
}

/** Writes a ClientHello, RFC 8446 §4.1.2. */
export function clientHello(offer: ClientHelloOffer, secrets: ClientHelloSecrets): ClientHello {
  const { random, sessionId, keyShares } = secrets;
  const wanted = offer.grease ? greased(offer, random) : offer;
  const extensions = clientExtensions(wanted, keyShares);
  const message = padded(wanted, secrets, extensions);
  return { offer, random, sessionId, keyShares, message };
}

function padded(
  offer: ClientHelloOffer,
  secrets: ClientHelloSecrets,
  extensions: readonly Extension[],
): Uint8Array {
  const message = written(offer, secrets, extensions);
  const missing = (offer.padToBytes ?? 0) - message.length;
  if (missing <= 0) return message;
  const data = new Uint8Array(Math.max(0, missing - EXTENSION_HEADER_BYTES));
  return written(offer, secrets, [...extensions, { type: PADDING, data }]);
}

function written(
  offer: ClientHelloOffer,
  secrets: ClientHelloSecrets,
  extensions: readonly Extension[],
): Uint8Array {
  const body = concat(
    uint16(offer.legacyVersion ?? legacyVersion(offer.versions)),
    secrets.random,
    vector8(secrets.sessionId),
    vector16(...offer.cipherSuites.map(uint16)),
    vector8(...(offer.compressionMethods ?? [0]).map(uint8)),
    extensions.length === 0 ? new Uint8Array() : extensionList(extensions),
  );
  return handshakeMessage(HANDSHAKE_TYPE.clientHello, body);
}

/** RFC 8446 §4.1.2: TLS 1.3 stands in supported_versions alone. */
function legacyVersion(versions: readonly TlsVersion[]): number {
  return Math.min(versionNumber('TLSv1.2'), Math.max(...versions.map(versionNumber)));
}

const PADDING = 21;
const EXTENSION_HEADER_BYTES = 4;
