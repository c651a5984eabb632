import { createPublicKey, type KeyObject } from 'node:crypto';
import { latin1 } from '../x509/der.js';
import { OID } from '../x509/oid.js';
import {
  namedCurveOf,
  readRsaPublicKey,
  type SubjectPublicKeyInfo,
} from '../x509/subject-public-key-info.js';
import { type EllipticCurve, isOnCurve, P256, P384, P521 } from './elliptic-curve.js';

/** The key as node:crypto holds it, or null where it cannot be read. The last 512 keys are kept: CAs come again. */
export function publicKeyOf(info: SubjectPublicKeyInfo): KeyObject | null {
  const name = latin1(info.der);
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = orNull(() => importKey(info));
  if (keys.size >= MAX_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}

/** Whether the octets are a public key of their kind, such as a point that is on its curve. Far cheaper than to import
 *  it: for keys that are carried along and verify nothing. */
export function isPublicKey(info: SubjectPublicKeyInfo): boolean {
  const length = OCTETS.get(info.algorithm.algorithm);
  if (length !== undefined) return info.publicKey.length === length;
  const curve =
    info.algorithm.algorithm === OID.ecPublicKey ? CURVES.get(namedCurveOf(info) ?? '') : undefined;
  return curve !== undefined && info.publicKey[0] === UNCOMPRESSED
    ? isOnCurve(info.publicKey, curve)
    : publicKeyOf(info) !== null;
}

/** Node 20 takes 150 µs to read a SubjectPublicKeyInfo, and a JWK of RSA or P-256 much less. Kinds of keys that nobody
 *  here verifies with, and curves given by parameters, are not read at all: each is a door to a decoder. */
function importKey(info: SubjectPublicKeyInfo): KeyObject | null {
  const { algorithm } = info.algorithm;
  if (algorithm === OID.rsaEncryption) return importRsa(info);
  if (algorithm === OID.ecPublicKey) {
    const curve = namedCurveOf(info) ?? '';
    if (!CURVES.has(curve)) return null;
    if (curve === OID.prime256v1 && isUncompressed(info.publicKey)) return importP256(info);
  } else if (algorithm !== OID.rsassaPss && !OCTETS.has(algorithm)) return null;
  return createPublicKey({ key: Buffer.from(info.der), format: 'der', type: 'spki' });
}

function importRsa({ publicKey }: SubjectPublicKeyInfo): KeyObject {
  const { modulus, exponent } = readRsaPublicKey(publicKey);
  const key = { kty: 'RSA', n: base64url(modulus), e: base64url(exponent) };
  return createPublicKey({ key, format: 'jwk' });
}

function importP256({ publicKey }: SubjectPublicKeyInfo): KeyObject {
  const [x, y] = [publicKey.subarray(1, 33), publicKey.subarray(33)];
  const key = { kty: 'EC', crv: 'P-256', x: base64url(x), y: base64url(y) };
  return createPublicKey({ key, format: 'jwk' });
}

/** A P-256 point with both coordinates, SEC 1 §2.3.3. */
function isUncompressed(point: Uint8Array): boolean {
  return point.length === 65 && point[0] === UNCOMPRESSED;
}

function base64url(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64url');
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const UNCOMPRESSED = 0x04;
const keys = new Map<string, KeyObject | null>();
const MAX_KEYS = 512;

const CURVES: ReadonlyMap<string, EllipticCurve> = new Map([
  [OID.prime256v1, P256],
  [OID.secp384r1, P384],
  [OID.secp521r1, P521],
]);

/** How long keys are that any octets can be: RFC 8032, and FIPS 204 table 2. */
const OCTETS: ReadonlyMap<string, number> = new Map([
  [OID.ed25519, 32],
  [OID.ed448, 57],
  [OID.mlDsa44, 1312],
  [OID.mlDsa65, 1952],
  [OID.mlDsa87, 2592],
]);
