import { ByteReader, DecodeError } from './byte-reader.js';
import { concat, uint16, vector16 } from './vector.js';

/** ExtensionType, TLS ExtensionType Values registry. */
export const EXTENSION_TYPE = {
  serverName: 0,
  maxFragmentLength: 1,
  statusRequest: 5,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  heartbeat: 15,
  applicationLayerProtocolNegotiation: 16,
  signedCertificateTimestamp: 18,
  padding: 21,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  compressCertificate: 27,
  recordSizeLimit: 28,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  pskKeyExchangeModes: 45,
  certificateAuthorities: 47,
  oidFilters: 48,
  postHandshakeAuth: 49,
  signatureAlgorithmsCert: 50,
  keyShare: 51,
  nextProtocolNegotiation: 13_172,
  renegotiationInfo: 65_281,
} as const;

/** An Extension, RFC 8446 §4.2. */
export interface Extension {
  readonly type: number;
  readonly data: Uint8Array;
}

/** Writes an extension list with its length. */
export function extensionList(extensions: readonly Extension[]): Uint8Array {
  return vector16(...extensions.map(({ type, data }) => concat(uint16(type), vector16(data))));
}

/** Reads an extension list, its length already taken off; the same type twice is a DecodeError, as RFC 8446 §4.2 says. */
export function readExtensions(bytes: Uint8Array, what: string): Extension[] {
  const reader = new ByteReader(bytes, `extensions of ${what}`);
  const extensions: Extension[] = [];
  while (reader.remaining > 0) {
    const type = reader.uint16();
    if (extensions.some((extension) => extension.type === type)) {
      throw new DecodeError(`${what} has extension ${type} twice`);
    }
    extensions.push({ type, data: reader.vector16() });
  }
  return extensions;
}

/** The data of one extension; null where it is absent. */
export function extensionData(extensions: readonly Extension[], type: number): Uint8Array | null {
  return extensions.find((extension) => extension.type === type)?.data ?? null;
}
