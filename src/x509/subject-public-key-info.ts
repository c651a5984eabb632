import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.js';
import { DerReader, readBitString, readIntegerOctets, readOid, TAG } from './der.js';
import { OID, oidName } from './oid.js';

/** A public key as certificates and requests carry it, RFC 5280 §4.1.2.7. */
export interface SubjectPublicKeyInfo {
  readonly der: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  readonly publicKey: Uint8Array;
}

export function readSubjectPublicKeyInfo(reader: DerReader): SubjectPublicKeyInfo {
  const der = reader.element(TAG.sequence);
  const inside = new DerReader(der).enter(TAG.sequence);
  const algorithm = readAlgorithmIdentifier(inside);
  const { bytes, unusedBits } = readBitString(inside);
  if (unusedBits !== 0) throw inside.error('der-bit-string-invalid', 'a public key that is not whole octets');
  inside.finish();
  return { der, algorithm, publicKey: bytes };
}

export function parseSubjectPublicKeyInfo(der: Uint8Array): SubjectPublicKeyInfo {
  const reader = new DerReader(der);
  const info = readSubjectPublicKeyInfo(reader);
  reader.finish();
  return info;
}

/** RSA's modulus and exponent as unsigned octets, RFC 8017 §A.1.1. */
export function readRsaPublicKey(publicKey: Uint8Array): { modulus: Uint8Array; exponent: Uint8Array } {
  const outer = new DerReader(publicKey);
  const reader = outer.enter(TAG.sequence);
  outer.finish();
  const key = { modulus: unsigned(readIntegerOctets(reader)), exponent: unsigned(readIntegerOctets(reader)) };
  reader.finish();
  return key;
}

/** How many bits an unsigned number has. */
export function bitLength(octets: Uint8Array): number {
  const first = octets.findIndex((octet) => octet !== 0);
  return first < 0 ? 0 : (octets.length - first) * 8 - (Math.clz32(octets[first]!) - 24);
}

/** The dotted identifier of an EC key's named curve, or null where its parameters are not a named curve. */
export function namedCurveOf({ algorithm }: SubjectPublicKeyInfo): string | null {
  const { parameters } = algorithm;
  if (parameters === null || parameters[0] !== TAG.oid) return null;
  try {
    return readOid(new DerReader(parameters));
  } catch {
    return null;
  }
}

/** What kind of key this is, as `--key-type` writes it where it can: ec-p256, rsa-2048, ed25519, else a plain description. */
export function describeKey(info: SubjectPublicKeyInfo): string {
  const { algorithm } = info.algorithm;
  if (algorithm === OID.rsaEncryption || algorithm === OID.rsassaPss) {
    return `${algorithm === OID.rsaEncryption ? 'rsa' : 'rsa-pss'}-${rsaBits(info)}`;
  }
  if (algorithm === OID.ecPublicKey) {
    const curve = namedCurveOf(info);
    return curve === null ? 'ec-explicit' : (CURVES.get(curve) ?? `ec-${oidName(curve)}`);
  }
  return OTHERS.get(algorithm) ?? oidName(algorithm);
}

function rsaBits({ publicKey }: SubjectPublicKeyInfo): string {
  try {
    return String(bitLength(readRsaPublicKey(publicKey).modulus));
  } catch {
    return 'unreadable';
  }
}

function unsigned(octets: Uint8Array): Uint8Array {
  return octets[0] === 0 ? octets.subarray(1) : octets;
}

const CURVES: ReadonlyMap<string, string> = new Map([
  [OID.prime256v1, 'ec-p256'],
  [OID.secp384r1, 'ec-p384'],
  [OID.secp521r1, 'ec-p521'],
]);

const OTHERS: ReadonlyMap<string, string> = new Map([
  [OID.mlDsa44, 'ml-dsa-44'],
  [OID.mlDsa65, 'ml-dsa-65'],
  [OID.mlDsa87, 'ml-dsa-87'],
]);
