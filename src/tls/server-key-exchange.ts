import { ByteReader, DecodeError } from './byte-reader.js';
import type { CipherSuite } from './cipher-suite.js';
import type { TlsVersion } from './version.js';

/** What a ServerKeyExchange of TLS 1.2 and before tells of the key that will be agreed upon. */
export type ServerKeyExchange = KeyParameters & {
  /** ServerECDHParams or ServerDHParams as sent: what the signature covers beside the two randoms. */
  readonly parameters: Uint8Array;
  /** SignatureScheme; null before TLS 1.2, which does not say, and for suites that do not sign. */
  readonly signatureScheme: number | null;
  /** null for anonymous suites and those with a PSK. */
  readonly signature: Uint8Array | null;
};

type KeyParameters =
  | { readonly kind: 'named-curve'; readonly group: number; readonly publicKey: Uint8Array }
  | { readonly kind: 'explicit-curve' }
  | {
      readonly kind: 'dh';
      readonly primeBits: number;
      readonly prime: Uint8Array;
      readonly generator: Uint8Array;
    }
  /** A temporary RSA key. */
  | { readonly kind: 'rsa'; readonly modulusBits: number }
  /** PSK hints, SRP and what else has no key that could be too short. */
  | { readonly kind: 'other' };

/** Reads the body of a ServerKeyExchange: RFC 8422 §5.4, RFC 5246 §7.4.3, RFC 4279 for those with a PSK. */
export function readServerKeyExchange(
  body: Uint8Array,
  suite: CipherSuite,
  version: TlsVersion,
): ServerKeyExchange {
  const reader = new ByteReader(body, 'ServerKeyExchange');
  if (suite.keyExchange.includes('PSK')) reader.vector16(); // psk_identity_hint
  const start = body.length - reader.remaining;
  const keyParameters = readParameters(reader, suite);
  const parameters = body.subarray(start, body.length - reader.remaining);
  if (keyParameters.kind === 'other' || keyParameters.kind === 'explicit-curve' || reader.remaining === 0) {
    return { ...keyParameters, parameters, signatureScheme: null, signature: null };
  }
  const signatureScheme = version === 'TLSv1.2' ? reader.uint16() : null;
  const signature = reader.vector16();
  reader.end();
  return { ...keyParameters, parameters, signatureScheme, signature };
}

/** A temporary RSA key belongs to EXPORT suites alone; one that comes with another is what FREAK lives on. */
function readParameters(reader: ByteReader, { keyExchange }: CipherSuite): KeyParameters {
  if (keyExchange.startsWith('ECDHE')) return readCurve(reader);
  if (keyExchange.startsWith('DHE')) return readDh(reader);
  if (keyExchange === 'RSA') return readRsa(reader);
  reader.rest();
  return { kind: 'other' };
}

function readCurve(reader: ByteReader): KeyParameters {
  const curveType = reader.uint8();
  if (curveType === NAMED_CURVE)
    return { kind: 'named-curve', group: reader.uint16(), publicKey: reader.vector8() };
  if (curveType > NAMED_CURVE || curveType === 0) throw new DecodeError(`curve type ${curveType}`);
  reader.rest();
  return { kind: 'explicit-curve' };
}

function readDh(reader: ByteReader): KeyParameters {
  const prime = reader.vector16();
  const generator = reader.vector16();
  reader.vector16(); // dh_Ys
  return { kind: 'dh', primeBits: bitLength(prime), prime, generator };
}

function readRsa(reader: ByteReader): KeyParameters {
  const modulus = reader.vector16();
  reader.vector16(); // rsa_exponent
  return { kind: 'rsa', modulusBits: bitLength(modulus) };
}

function bitLength(integer: Uint8Array): number {
  const first = integer.findIndex((octet) => octet !== 0);
  return first === -1 ? 0 : (integer.length - first) * 8 - Math.clz32(integer[first]!) + 24;
}

const NAMED_CURVE = 3;
