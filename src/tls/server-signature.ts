import { constants, type KeyObject, type VerifyKeyObjectInput, verify } from 'node:crypto';
import { publicKeyOf } from '../keys/public-key.js';
import type { SubjectPublicKeyInfo } from '../x509/subject-public-key-info.js';
import { ByteReader } from './byte-reader.js';
import { type ScheduleHash, transcriptHash } from './key-schedule.js';
import type { ServerKeyExchange } from './server-key-exchange.js';
import { hashOfScheme, isPssScheme } from './signature-scheme.js';
import { concat } from './vector.js';

/** What a server signed in a handshake, to prove that it holds the key of its certificate. */
export interface ServerSignature {
  /** SignatureScheme; null before TLS 1.2, which does not say. */
  readonly scheme: number | null;
  /** All that is signed, not hashed yet. */
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
}

/** The signature on a ServerKeyExchange, RFC 5246 §7.4.3; null for a suite that has none.
 *  @param clientHello the message with its header */
export function signatureOf12(
  clientHello: Uint8Array,
  serverRandom: Uint8Array,
  { signatureScheme, parameters, signature }: ServerKeyExchange,
): ServerSignature | null {
  if (signature === null) return null;
  const clientRandom = clientHello.subarray(RANDOM_OFFSET, RANDOM_OFFSET + 32);
  return { scheme: signatureScheme, content: concat(clientRandom, serverRandom, parameters), signature };
}

/** A CertificateVerify of TLS 1.3, RFC 8446 §4.4.3.
 *  @param transcript all before it */
export function signatureOf13(
  body: Uint8Array,
  hash: ScheduleHash,
  transcript: readonly Uint8Array[],
): ServerSignature {
  const reader = new ByteReader(body, 'CertificateVerify');
  const scheme = reader.uint16();
  const signature = reader.vector16();
  reader.end();
  const content = concat(
    new Uint8Array(64).fill(0x20),
    Buffer.from('TLS 1.3, server CertificateVerify\0', 'latin1'),
    transcriptHash(hash, transcript),
  );
  return { scheme, content, signature };
}

/** Whether the key of a certificate made that signature; null where we cannot tell. */
export function isSignedBy(
  subjectPublicKeyInfo: SubjectPublicKeyInfo,
  { scheme, content, signature }: ServerSignature,
): boolean | null {
  const key = publicKeyOf(subjectPublicKeyInfo);
  const digest = key && digestOf(key, scheme);
  if (!key || digest === undefined) return null;
  try {
    return verify(digest, content, verifyInput(key, scheme), signature);
  } catch {
    return null;
  }
}

/** Null for a scheme that hashes by itself, undefined for one that we do not know. */
function digestOf({ asymmetricKeyType }: KeyObject, scheme: number | null): string | null | undefined {
  if (scheme === null) return asymmetricKeyType === 'rsa' ? 'md5-sha1' : 'sha1'; // RFC 2246 §7.4.3, RFC 4492 §5.4
  return hashOfScheme(scheme);
}

function verifyInput(key: KeyObject, scheme: number | null): KeyObject | VerifyKeyObjectInput {
  if (scheme === null || !isPssScheme(scheme)) return key;
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

/** Header of the message and client_version. */
const RANDOM_OFFSET = 6;
