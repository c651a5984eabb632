import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { SslapiError } from '../errors.js';
import { algorithmIdentifier } from '../x509/algorithm-identifier.js';
import { OID } from '../x509/oid.js';
import { describeKey, parseSubjectPublicKeyInfo } from '../x509/subject-public-key-info.js';
import { subjectPublicKeyInfoOf } from './private-key.js';

/** Whatever can sign: a key in this process today, one in hardware that is slow and far away later. */
export interface Signer {
  /** The encoded AlgorithmIdentifier of its signatures. */
  readonly signatureAlgorithm: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
  sign(data: Uint8Array): Promise<Uint8Array>;
  /** The same key with SHA-1, for certificates that are made to be refused; absent where it can't. */
  readonly withSha1?: () => Signer;
}

/** Signs with a private key that this process holds; SHA-256, or SHA-384 for P-384. */
export function softwareSigner(
  key: KeyObject,
  subjectPublicKeyInfo: Uint8Array = subjectPublicKeyInfoOf(key),
): Signer {
  const kind = signatureOf(subjectPublicKeyInfo);
  const signer = signerBy(key, subjectPublicKeyInfo, kind);
  const sha1 = SHA1.get(kind.algorithm);
  if (sha1 === undefined) return signer;
  return {
    ...signer,
    withSha1: () => signerBy(key, subjectPublicKeyInfo, { ...kind, algorithm: sha1, digest: 'sha1' }),
  };
}

function signerBy(key: KeyObject, subjectPublicKeyInfo: Uint8Array, kind: SignatureKind): Signer {
  return {
    signatureAlgorithm: algorithmIdentifier(kind.algorithm, kind.parameters),
    subjectPublicKeyInfo,
    sign: (data) => Promise.resolve(sign(kind.digest, data, key)),
  };
}

/** The same for a key just made, whose DER is at hand. */
export function signerOfPkcs8(pkcs8: Uint8Array, subjectPublicKeyInfo: Uint8Array): Signer {
  return softwareSigner(
    createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' }),
    subjectPublicKeyInfo,
  );
}

interface SignatureKind {
  readonly algorithm: string;
  readonly parameters: 'null' | 'absent';
  /** What is hashed with before signing; null where the algorithm does that itself. */
  readonly digest: string | null;
}

function signatureOf(subjectPublicKeyInfo: Uint8Array): SignatureKind {
  const kind = describeKey(parseSubjectPublicKeyInfo(subjectPublicKeyInfo));
  const found = kind.startsWith('rsa-') ? RSA : KINDS.get(kind);
  if (found === undefined)
    throw new SslapiError('ERR_KEY_UNREADABLE', `sslapi does not sign with ${kind} keys`);
  return found;
}

const SHA1: ReadonlyMap<string, string> = new Map([
  [OID.sha256WithRSAEncryption, OID.sha1WithRSAEncryption],
  [OID.ecdsaWithSHA256, OID.ecdsaWithSHA1],
  [OID.ecdsaWithSHA384, OID.ecdsaWithSHA1],
  [OID.ecdsaWithSHA512, OID.ecdsaWithSHA1],
]);
const RSA: SignatureKind = { algorithm: OID.sha256WithRSAEncryption, parameters: 'null', digest: 'sha256' };
const KINDS: ReadonlyMap<string, SignatureKind> = new Map([
  ['ec-p256', { algorithm: OID.ecdsaWithSHA256, parameters: 'absent', digest: 'sha256' }],
  ['ec-p384', { algorithm: OID.ecdsaWithSHA384, parameters: 'absent', digest: 'sha384' }],
  ['ec-p521', { algorithm: OID.ecdsaWithSHA512, parameters: 'absent', digest: 'sha512' }],
  ['ed25519', { algorithm: OID.ed25519, parameters: 'absent', digest: null }],
  ['ml-dsa-44', { algorithm: OID.mlDsa44, parameters: 'absent', digest: null }],
  ['ml-dsa-65', { algorithm: OID.mlDsa65, parameters: 'absent', digest: null }],
  ['ml-dsa-87', { algorithm: OID.mlDsa87, parameters: 'absent', digest: null }],
]);
