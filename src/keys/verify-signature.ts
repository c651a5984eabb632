import { constants, verify } from 'node:crypto';
import type { AlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import { contextTag, DerReader, readNull, readSmallInteger, TAG } from '../x509/der.js';
import { OID } from '../x509/oid.js';
import type { SubjectPublicKeyInfo } from '../x509/subject-public-key-info.js';
import { publicKeyOf } from './public-key.js';

/** What a signature is worth: good, bad, or not to be told. `parameters-invalid` where the algorithm's parameters
 *  are not what its RFC demands, `key-unreadable` where the key is no point on its curve, no RSA key and so on. */
export type SignatureVerdict =
  | 'valid'
  | 'invalid'
  | 'unsupported-algorithm'
  | 'parameters-invalid'
  | 'key-unreadable';

export interface SignedData {
  readonly subjectPublicKeyInfo: SubjectPublicKeyInfo;
  readonly algorithm: AlgorithmIdentifier;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** Checks a signature by RFC 3279, 4055, 5758, 8410 and 9881. Never throws for what the octets are. */
export function verifySignature({
  subjectPublicKeyInfo,
  algorithm,
  data,
  signature,
}: SignedData): SignatureVerdict {
  const how = signatureMethod(algorithm);
  if (typeof how === 'string') return how;
  const key = publicKeyOf(subjectPublicKeyInfo);
  if (key === null) return how.runtime === 'may-lack-it' ? 'unsupported-algorithm' : 'key-unreadable';
  if (!how.keyTypes.includes(subjectPublicKeyInfo.algorithm.algorithm)) return 'invalid';
  try {
    const good = verify(how.digest, data, how.pss ? { key, ...how.pss } : key, signature);
    return good ? 'valid' : 'invalid';
  } catch {
    return 'invalid';
  }
}

/** The digest that a signature is made over, lower-case: sha256; null where the algorithm fixes its own or is unknown. */
export function signatureHash(algorithm: AlgorithmIdentifier): string | null {
  const plain = DIGESTS.get(algorithm.algorithm);
  if (plain !== undefined) return plain.digest;
  const how = signatureMethod(algorithm);
  return typeof how === 'string' ? null : how.digest;
}

interface SignatureMethod {
  readonly digest: string | null;
  /** Object identifiers of the keys that may make such a signature. */
  readonly keyTypes: readonly string[];
  readonly pss?: { readonly padding: number; readonly saltLength: number };
  readonly runtime?: 'may-lack-it';
}

function signatureMethod(
  algorithm: AlgorithmIdentifier,
): SignatureMethod | 'unsupported-algorithm' | 'parameters-invalid' {
  const { algorithm: id, parameters } = algorithm;
  if (id === OID.rsassaPss) return pssMethod(parameters);
  const plain = DIGESTS.get(id);
  if (plain !== undefined) {
    const fits = plain.parameters === 'absent' ? parameters === null : isNullOrAbsent(parameters);
    return fits ? plain : 'parameters-invalid';
  }
  return 'unsupported-algorithm';
}

/** RFC 4055 §5: NULL, but "implementations MUST accept the parameters being absent as well as present". */
function isNullOrAbsent(parameters: Uint8Array | null): boolean {
  return parameters === null || (parameters.length === 2 && parameters[0] === TAG.null);
}

/** RSASSA-PSS-params of RFC 4055 §3.1. One digest for hash and mask, as every implementation has it. */
function pssMethod(
  parameters: Uint8Array | null,
): SignatureMethod | 'parameters-invalid' | 'unsupported-algorithm' {
  if (parameters === null) return 'parameters-invalid';
  try {
    const outer = new DerReader(parameters);
    const reader = outer.enter(TAG.sequence);
    outer.finish();
    const hash = optional(reader, 0, readDigest) ?? 'sha1';
    const mask = optional(reader, 1, readMaskDigest) ?? 'sha1';
    const saltLength = optional(reader, 2, readSmallInteger) ?? 20;
    const trailer = optional(reader, 3, readSmallInteger) ?? 1;
    reader.finish();
    if (trailer !== 1) return 'parameters-invalid';
    if (hash !== mask || hash === 'unknown') return 'unsupported-algorithm';
    return {
      digest: hash,
      keyTypes: [OID.rsaEncryption, OID.rsassaPss],
      pss: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength },
    };
  } catch {
    return 'parameters-invalid';
  }
}

function optional<T>(reader: DerReader, number: number, read: (inside: DerReader) => T): T | undefined {
  if (!reader.nextIs(contextTag(number, true))) return undefined;
  const inside = reader.enter(contextTag(number, true));
  const value = read(inside);
  inside.finish();
  return value;
}

function readDigest(reader: DerReader): string {
  const { algorithm, parameters } = readAlgorithmIdentifier(reader);
  if (parameters !== null) readNull(new DerReader(parameters));
  return HASHES.get(algorithm) ?? 'unknown';
}

function readMaskDigest(reader: DerReader): string {
  const { algorithm, parameters } = readAlgorithmIdentifier(reader);
  if (algorithm !== OID.mgf1 || parameters === null) return 'unknown';
  return readDigest(new DerReader(parameters));
}

const HASHES: ReadonlyMap<string, string> = new Map([
  [OID.sha1, 'sha1'],
  [OID.sha224, 'sha224'],
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
]);

interface PlainMethod extends SignatureMethod {
  readonly parameters: 'null' | 'absent';
}

const RSA = [OID.rsaEncryption];
const EC = [OID.ecPublicKey];

const DIGESTS: ReadonlyMap<string, PlainMethod> = new Map<string, PlainMethod>([
  [OID.md5WithRSAEncryption, { digest: 'md5', keyTypes: RSA, parameters: 'null' }],
  [OID.sha1WithRSAEncryption, { digest: 'sha1', keyTypes: RSA, parameters: 'null' }],
  [OID.sha224WithRSAEncryption, { digest: 'sha224', keyTypes: RSA, parameters: 'null' }],
  [OID.sha256WithRSAEncryption, { digest: 'sha256', keyTypes: RSA, parameters: 'null' }],
  [OID.sha384WithRSAEncryption, { digest: 'sha384', keyTypes: RSA, parameters: 'null' }],
  [OID.sha512WithRSAEncryption, { digest: 'sha512', keyTypes: RSA, parameters: 'null' }],
  [OID.ecdsaWithSHA1, { digest: 'sha1', keyTypes: EC, parameters: 'absent' }],
  [OID.ecdsaWithSHA224, { digest: 'sha224', keyTypes: EC, parameters: 'absent' }],
  [OID.ecdsaWithSHA256, { digest: 'sha256', keyTypes: EC, parameters: 'absent' }],
  [OID.ecdsaWithSHA384, { digest: 'sha384', keyTypes: EC, parameters: 'absent' }],
  [OID.ecdsaWithSHA512, { digest: 'sha512', keyTypes: EC, parameters: 'absent' }],
  [OID.dsaWithSHA1, { digest: 'sha1', keyTypes: [OID.dsa], parameters: 'absent' }],
  [OID.dsaWithSHA224, { digest: 'sha224', keyTypes: [OID.dsa], parameters: 'absent' }],
  [OID.dsaWithSHA256, { digest: 'sha256', keyTypes: [OID.dsa], parameters: 'absent' }],
  [OID.ed25519, { digest: null, keyTypes: [OID.ed25519], parameters: 'absent' }],
  [OID.ed448, { digest: null, keyTypes: [OID.ed448], parameters: 'absent' }],
  [OID.mlDsa44, { digest: null, keyTypes: [OID.mlDsa44], parameters: 'absent', runtime: 'may-lack-it' }],
  [OID.mlDsa65, { digest: null, keyTypes: [OID.mlDsa65], parameters: 'absent', runtime: 'may-lack-it' }],
  [OID.mlDsa87, { digest: null, keyTypes: [OID.mlDsa87], parameters: 'absent', runtime: 'may-lack-it' }],
]);
