import { ByteReader } from './byte-reader.js';
import { EXTENSION_TYPE, extensionData, extensionList, readExtensions } from './extension.js';
import { HANDSHAKE_TYPE, handshakeMessage } from './handshake.js';
import { readSctList } from './server-hello.js';
import { concat, vector8, vector24 } from './vector.js';

/** A Certificate message, whichever version it comes in. */
export interface CertificateMessage {
  /** As sent: the peer's own first; each in DER, if the peer is honest. */
  readonly chain: readonly Uint8Array[];
  /** OCSPResponse in DER, stapled to the peer's own certificate; TLS 1.3 only, before it is a message of its own. */
  readonly ocspResponse: Uint8Array | null;
  /** SerializedSCTs beside the peer's own certificate; TLS 1.3 only. */
  readonly signedCertificateTimestamps: readonly Uint8Array[];
}

/** Reads the body of a Certificate message of SSL 3.0 to TLS 1.2, RFC 5246 §7.4.2. */
export function readCertificateMessage12(body: Uint8Array): CertificateMessage {
  const reader = new ByteReader(body, 'Certificate');
  const list = new ByteReader(reader.vector24(), 'Certificate');
  reader.end();
  const chain: Uint8Array[] = [];
  while (list.remaining > 0) chain.push(list.vector24());
  return { chain, ocspResponse: null, signedCertificateTimestamps: [] };
}

/** Reads the body of a Certificate message of TLS 1.3, RFC 8446 §4.4.2. */
export function readCertificateMessage13(body: Uint8Array): CertificateMessage {
  const reader = new ByteReader(body, 'Certificate');
  reader.vector8(); // certificate_request_context
  const list = new ByteReader(reader.vector24(), 'Certificate');
  reader.end();
  const entries: { certificate: Uint8Array; extensions: ReturnType<typeof readExtensions> }[] = [];
  while (list.remaining > 0) {
    entries.push({
      certificate: list.vector24(),
      extensions: readExtensions(list.vector16(), 'CertificateEntry'),
    });
  }
  const own = entries[0]?.extensions ?? [];
  const status = extensionData(own, EXTENSION_TYPE.statusRequest);
  return {
    chain: entries.map(({ certificate }) => certificate),
    ocspResponse: status && readCertificateStatus(status),
    signedCertificateTimestamps: readSctList(extensionData(own, EXTENSION_TYPE.signedCertificateTimestamp)),
  };
}

/** Reads a CertificateStatus, RFC 6066 §8: the OCSPResponse in DER; null for a status type other than ocsp. */
export function readCertificateStatus(body: Uint8Array): Uint8Array | null {
  const reader = new ByteReader(body, 'CertificateStatus');
  return reader.uint8() === OCSP ? reader.vector24() : null;
}

/** Writes a client's Certificate message for TLS 1.2 and before; an empty chain says that there is none. */
export function certificateMessage12(chain: readonly Uint8Array[]): Uint8Array {
  const list = chain.map((certificate) => vector24(certificate));
  return handshakeMessage(HANDSHAKE_TYPE.certificate, vector24(...list));
}

/** Writes a client's Certificate message for TLS 1.3.
 *  @param context certificate_request_context of the request that is answered */
export function certificateMessage13(context: Uint8Array, chain: readonly Uint8Array[]): Uint8Array {
  const entries = chain.map((certificate) => concat(vector24(certificate), extensionList([])));
  return handshakeMessage(HANDSHAKE_TYPE.certificate, concat(vector8(context), vector24(...entries)));
}

const OCSP = 1;
