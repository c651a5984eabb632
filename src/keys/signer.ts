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
}

/** Signs with a private key that this process holds; SHA-256, or SHA-384 for P-384. */
export function softwareSigner(
  key: KeyObject,
  subjectPublicKeyInfo: Uint8Array = subjectPublicKeyInfoOf(key),
): Signer {
  const { algorithm, parameters, digest } = signatureOf(subjectPublicKeyInfo);
  return {
    signatureAlgorithm: algorithmIdentifier(algorithm, parameters),
    subjectPublicKeyInfo,
    sign: (data) => Promise.resolve(sign(digest, data, key)),
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
