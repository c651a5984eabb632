import { ByteReader, uint16List } from './byte-reader.js';
import { EXTENSION_TYPE, extensionData, readExtensions } from './extension.js';
import type { TlsVersion } from './version.js';

/** A CertificateRequest, whichever version it comes in: what a server wants of a client's certificate. */
export interface CertificateRequest {
  /** ClientCertificateType: 1 rsa_sign, 64 ecdsa_sign …; empty in TLS 1.3, which has none. */
  readonly certificateTypes: readonly number[];
  /** SignatureSchemes that the client may sign with; null before TLS 1.2, which does not say. */
  readonly signatureSchemes: readonly number[] | null;
  /** SignatureSchemes that the certificates may be signed with; null where the list above stands for both. */
  readonly signatureSchemesCert: readonly number[] | null;
  /** Distinguished names of acceptable CAs, each a Name in DER; empty where any will do. */
  readonly certificateAuthorities: readonly Uint8Array[];
  /** certificate_request_context, which the answer repeats; empty but for post-handshake requests of TLS 1.3. */
  readonly context: Uint8Array;
}

/** Reads the body of a CertificateRequest of SSL 3.0 to TLS 1.2, RFC 5246 §7.4.4. */
export function readCertificateRequest12(body: Uint8Array, version: TlsVersion): CertificateRequest {
  const reader = new ByteReader(body, 'CertificateRequest');
  const certificateTypes = [...reader.vector8()];
  const schemes = version === 'TLSv1.2' ? uint16List(reader.vector16(), 'signature algorithms') : null;
  const certificateAuthorities = distinguishedNames(reader.vector16());
  reader.end();
  return {
    certificateTypes,
    signatureSchemes: schemes,
    signatureSchemesCert: null,
    certificateAuthorities,
    context: new Uint8Array(),
  };
}

/** Reads the body of a CertificateRequest of TLS 1.3, RFC 8446 §4.3.2. */
export function readCertificateRequest13(body: Uint8Array): CertificateRequest {
  const reader = new ByteReader(body, 'CertificateRequest');
  const context = reader.vector8();
  const extensions = readExtensions(reader.vector16(), 'CertificateRequest');
  reader.end();
  const listOf = (type: number): Uint8Array | null => {
    const data = extensionData(extensions, type);
    return data && new ByteReader(data, 'CertificateRequest').vector16();
  };
  const schemes = listOf(EXTENSION_TYPE.signatureAlgorithms);
  const schemesCert = listOf(EXTENSION_TYPE.signatureAlgorithmsCert);
  const authorities = listOf(EXTENSION_TYPE.certificateAuthorities);
  return {
    certificateTypes: [],
    signatureSchemes: uint16List(schemes ?? new Uint8Array(), 'signature_algorithms'),
    signatureSchemesCert: schemesCert && uint16List(schemesCert, 'signature_algorithms_cert'),
    certificateAuthorities: authorities === null ? [] : distinguishedNames(authorities),
    context,
  };
}

/** DistinguishedName<1..2^16-1>, one after the other. */
function distinguishedNames(list: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(list, 'certificate_authorities');
  const names: Uint8Array[] = [];
  while (reader.remaining > 0) names.push(reader.vector16());
  return names;
}
