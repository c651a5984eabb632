import { SslapiError } from '../errors.js';
import type { Passphrase } from '../keys/passphrase.js';
import {
  openPrivateKey,
  type PrivateKeyFile,
  privateKeyOfDer,
  privateKeyOfPem,
  subjectPublicKeyInfoOf,
} from '../keys/private-key.js';
import { algorithmIdentifier } from '../x509/algorithm-identifier.js';
import { bitString, DerReader, sequence, TAG } from '../x509/der.js';
import { keyIdentifierOf } from '../x509/fingerprint.js';
import { OID } from '../x509/oid.js';
import type { RecognisedItem } from '../x509/recognise.js';
import { describeKey, parseSubjectPublicKeyInfo } from '../x509/subject-public-key-info.js';

/** A key, told without showing a bit of what is secret in it. */
export interface InspectedKey {
  readonly kind: 'private-key' | 'public-key';
  /** How it is written: PKCS#8, PKCS#1, SEC 1 … */
  readonly encoding: PrivateKeyFile['encoding'] | 'spki';
  readonly encrypted: boolean;
  /** Null where it stayed closed. */
  readonly keyType: string | null;
  /** SHA-1 of the public key's bits, as certificates name their keys (RFC 5280 §4.2.1.2); null where it stayed closed. */
  readonly keyIdentifier: string | null;
}

export function inspectPublicKey(der: Uint8Array): InspectedKey {
  const isPkcs1 = new DerReader(der).enter(TAG.sequence).nextIs(TAG.integer);
  const told = { kind: 'public-key', encoding: isPkcs1 ? 'pkcs1' : 'spki', encrypted: false } as const;
  return { ...told, ...describe(isPkcs1 ? wrapRsa(der) : der) };
}

/** @throws SslapiError ERR_PASSWORD_WRONG, ERR_KEY_UNREADABLE */
export async function inspectPrivateKey(
  { der, block, kind }: RecognisedItem,
  passphrase: Passphrase | undefined,
): Promise<InspectedKey> {
  const encrypted = kind === 'encrypted-private-key';
  const file = (block && privateKeyOfPem(block)) ?? privateKeyOfDer(der);
  if (file === null)
    throw new SslapiError('ERR_KEY_UNREADABLE', 'the private key is of a kind that is not read');
  const told = { kind: 'private-key', encoding: file.encoding, encrypted } as const;
  if (encrypted && passphrase === undefined) return { ...told, keyType: null, keyIdentifier: null };
  return { ...told, ...describe(subjectPublicKeyInfoOf(await openPrivateKey(file, passphrase))) };
}

function describe(subjectPublicKeyInfo: Uint8Array): Pick<InspectedKey, 'keyType' | 'keyIdentifier'> {
  return {
    keyType: describeKey(parseSubjectPublicKeyInfo(subjectPublicKeyInfo)),
    keyIdentifier: Buffer.from(keyIdentifierOf(subjectPublicKeyInfo)).toString('hex'),
  };
}

/** RSA PUBLIC KEY of PKCS#1 as a SubjectPublicKeyInfo. */
function wrapRsa(publicKey: Uint8Array): Uint8Array {
  return sequence(algorithmIdentifier(OID.rsaEncryption, 'null'), bitString(publicKey));
}
