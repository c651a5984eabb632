import { ByteReader, uint16List } from './byte-reader.js';
import { SCSV } from './cipher-suite.js';
import { EXTENSION_TYPE, type Extension, extensionData, readExtensions } from './extension.js';

/** A ClientHello as a server reads it, RFC 8446 §4.1.2 and its forerunners. */
export interface ReceivedHello {
  readonly random: Uint8Array;
  readonly cipherSuites: readonly number[];
  /** NamedGroups of supported_groups; null where the client says nothing of them. */
  readonly groups: readonly number[] | null;
  /** SignatureSchemes of signature_algorithms; null where the client says nothing of them. */
  readonly signatureSchemes: readonly number[] | null;
  /** Whether it knows RFC 5746: without an answer to that many clients go no further. */
  readonly secureRenegotiation: boolean;
}

/** Reads the body of a ClientHello. */
export function readClientHello(body: Uint8Array): ReceivedHello {
  const reader = new ByteReader(body, 'ClientHello');
  reader.uint16(); // legacy_version
  const random = reader.bytes(RANDOM_BYTES);
  reader.vector8(); // legacy_session_id
  const cipherSuites = uint16List(reader.vector16(), 'cipher_suites');
  reader.vector8(); // compression_methods
  const extensions = reader.remaining === 0 ? [] : readExtensions(reader.vector16(), 'ClientHello');
  reader.end();
  return {
    random,
    cipherSuites,
    groups: listIn(extensions, EXTENSION_TYPE.supportedGroups),
    signatureSchemes: listIn(extensions, EXTENSION_TYPE.signatureAlgorithms),
    secureRenegotiation:
      extensionData(extensions, EXTENSION_TYPE.renegotiationInfo) !== null ||
      cipherSuites.includes(SCSV.emptyRenegotiationInfo),
  };
}

function listIn(extensions: readonly Extension[], type: number): number[] | null {
  const data = extensionData(extensions, type);
  return data && uint16List(new ByteReader(data, 'ClientHello').vector16(), 'ClientHello');
}

const RANDOM_BYTES = 32;
