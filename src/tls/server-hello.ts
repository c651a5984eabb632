import { ByteReader, DecodeError, uint16List } from './byte-reader.js';
import { EXTENSION_TYPE, type Extension, extensionData, readExtensions } from './extension.js';
import { type TlsVersion, versionNumber, versionOf } from './version.js';

/** A ServerHello or HelloRetryRequest, RFC 8446 §4.1.3 and §4.1.4, and what its extensions say. */
export interface ServerHello {
  /** The version that is spoken from here on. */
  readonly version: TlsVersion;
  readonly random: Uint8Array;
  readonly sessionId: Uint8Array;
  /** Code point; that it was offered is for the caller to see. */
  readonly cipherSuite: number;
  /** CompressionMethod; 0 is none, 1 DEFLATE. */
  readonly compressionMethod: number;
  readonly helloRetryRequest: boolean;
  /** What RFC 8446 §4.1.3 has a server say that knows a higher version than it speaks here; null if it does not. */
  readonly downgradeSentinel: 'TLSv1.2' | 'TLSv1.1' | null;
  /** All extensions as sent. */
  readonly extensions: readonly Extension[];
  /** key_share: the group, and the server's share, which a HelloRetryRequest does not have. */
  readonly keyShare: { readonly group: number; readonly keyExchange: Uint8Array | null } | null;
}

/** Reads the body of a ServerHello of any version from SSL 3.0 on. */
export function readServerHello(body: Uint8Array): ServerHello {
  const reader = new ByteReader(body, 'ServerHello');
  const legacyVersion = reader.uint16();
  const random = reader.bytes(RANDOM_BYTES);
  const sessionId = reader.vector8();
  if (sessionId.length > MAX_SESSION_ID_BYTES)
    throw new DecodeError(`session id of ${sessionId.length} octets`);
  const cipherSuite = reader.uint16();
  const compressionMethod = reader.uint8();
  const extensions = reader.remaining === 0 ? [] : readExtensions(reader.vector16(), 'ServerHello');
  reader.end();
  const helloRetryRequest = Buffer.compare(random, HELLO_RETRY_REQUEST) === 0;
  return {
    version: negotiatedVersion(legacyVersion, extensions),
    random,
    sessionId,
    cipherSuite,
    compressionMethod,
    helloRetryRequest,
    downgradeSentinel: downgradeSentinel(random),
    extensions,
    keyShare: readKeyShare(extensions, helloRetryRequest),
  };
}

/** What a server says by extensions of its ServerHello (TLS 1.2 and before) or EncryptedExtensions (TLS 1.3). */
export interface ServerExtensions {
  /** The protocol that ALPN agreed upon; null for none. */
  readonly alpn: string | null;
  /** renegotiated_connection (RFC 5746): empty on a first handshake; null where secure renegotiation is not known. */
  readonly renegotiationInfo: Uint8Array | null;
  readonly extendedMasterSecret: boolean;
  readonly encryptThenMac: boolean;
  readonly sessionTicket: boolean;
  /** The server will send a CertificateStatus (TLS 1.2). */
  readonly statusRequest: boolean;
  /** HeartbeatMode, RFC 6520; null where the extension is absent. */
  readonly heartbeat: number | null;
  /** Protocols of next_protocol_negotiation, the draft before ALPN; null where it is absent. */
  readonly nextProtocols: readonly string[] | null;
  /** SerializedSCTs, RFC 6962 §3.3. */
  readonly signedCertificateTimestamps: readonly Uint8Array[];
  readonly serverName: boolean;
}

/** Takes the extensions of a server apart. */
export function readServerExtensions(extensions: readonly Extension[]): ServerExtensions {
  const data = (type: number): Uint8Array | null => extensionData(extensions, type);
  const renegotiation = data(EXTENSION_TYPE.renegotiationInfo);
  const nextProtocols = data(EXTENSION_TYPE.nextProtocolNegotiation);
  return {
    alpn: readAlpn(data(EXTENSION_TYPE.applicationLayerProtocolNegotiation)),
    renegotiationInfo: renegotiation && new ByteReader(renegotiation, 'renegotiation_info').vector8(),
    extendedMasterSecret: data(EXTENSION_TYPE.extendedMasterSecret) !== null,
    encryptThenMac: data(EXTENSION_TYPE.encryptThenMac) !== null,
    sessionTicket: data(EXTENSION_TYPE.sessionTicket) !== null,
    statusRequest: data(EXTENSION_TYPE.statusRequest) !== null,
    heartbeat: data(EXTENSION_TYPE.heartbeat)?.[0] ?? null,
    nextProtocols: nextProtocols && protocolNames(nextProtocols),
    signedCertificateTimestamps: readSctList(data(EXTENSION_TYPE.signedCertificateTimestamp)),
    serverName: data(EXTENSION_TYPE.serverName) !== null,
  };
}

/** Reads a SignedCertificateTimestampList, RFC 6962 §3.3; an absent one is an empty one. */
export function readSctList(data: Uint8Array | null): Uint8Array[] {
  if (data === null || data.length === 0) return [];
  const reader = new ByteReader(new ByteReader(data, 'SCT list').vector16(), 'SCT list');
  const list: Uint8Array[] = [];
  while (reader.remaining > 0) list.push(reader.vector16());
  return list;
}

function negotiatedVersion(legacyVersion: number, extensions: readonly Extension[]): TlsVersion {
  const selected = extensionData(extensions, EXTENSION_TYPE.supportedVersions);
  const number = selected === null ? legacyVersion : (uint16List(selected, 'supported_versions')[0] ?? 0);
  const version = versionOf(number);
  const isImpossible = selected === null && number > versionNumber('TLSv1.2');
  if (version === null || version === 'SSLv2' || isImpossible) {
    throw new DecodeError(`ServerHello of version 0x${number.toString(16)}`);
  }
  return version;
}

function readKeyShare(extensions: readonly Extension[], helloRetryRequest: boolean): ServerHello['keyShare'] {
  const data = extensionData(extensions, EXTENSION_TYPE.keyShare);
  if (data === null) return null;
  const reader = new ByteReader(data, 'key_share');
  const group = reader.uint16();
  const keyExchange = helloRetryRequest ? null : reader.vector16();
  reader.end();
  return { group, keyExchange };
}

function downgradeSentinel(random: Uint8Array): ServerHello['downgradeSentinel'] {
  const tail = Buffer.from(random.subarray(RANDOM_BYTES - 8)).toString('latin1');
  if (tail === 'DOWNGRD\x01') return 'TLSv1.2';
  return tail === 'DOWNGRD\x00' ? 'TLSv1.1' : null;
}

function readAlpn(data: Uint8Array | null): string | null {
  if (data === null) return null;
  return protocolNames(new ByteReader(data, 'ALPN').vector16())[0] ?? null;
}

function protocolNames(list: Uint8Array): string[] {
  const reader = new ByteReader(list, 'protocol names');
  const names: string[] = [];
  while (reader.remaining > 0) names.push(Buffer.from(reader.vector8()).toString('latin1'));
  return names;
}

const RANDOM_BYTES = 32;
const MAX_SESSION_ID_BYTES = 32;
/** SHA-256 of "HelloRetryRequest", RFC 8446 §4.1.3. */
const HELLO_RETRY_REQUEST = Buffer.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c',
  'hex',
);
