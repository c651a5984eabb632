import { createCipheriv, createDecipheriv, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { SslapiError } from '../errors.js';
import {
  type AlgorithmIdentifier,
  algorithmIdentifier,
  readAlgorithmIdentifier,
} from '../x509/algorithm-identifier.js';
import {
  DerReader,
  integer,
  octetString,
  readIntegerOctets,
  readOctetString,
  readSmallInteger,
  sequence,
  TAG,
} from '../x509/der.js';
import { OID } from '../x509/oid.js';
import type { Passphrase } from './passphrase.js';
import { randomOctets } from './random-octets.js';

/** Rounds of PBKDF2-HMAC-SHA256 for a CA key: OWASP's figure of 2023; about 0.14 s. */
export const PBKDF2_ROUNDS = 600_000;

/** Encrypts a PrivateKeyInfo into an EncryptedPrivateKeyInfo (RFC 5958 §3) by PBES2: PBKDF2-HMAC-SHA256 and
 *  AES-256-CBC (RFC 8018 §6.2), which every reader in the field opens; scrypt is not read by Java and GnuTLS. */
export async function encryptPkcs8(
  pkcs8: Uint8Array,
  passphrase: Passphrase,
  rounds = PBKDF2_ROUNDS,
): Promise<Uint8Array> {
  const { algorithm, ciphertext } = (await pbes2(passphrase, rounds))(pkcs8);
  return sequence(algorithm, octetString(ciphertext));
}

/** What came of octets, and how: the encoded AlgorithmIdentifier that a reader opens them by. */
export interface Encrypted {
  readonly algorithm: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Derives a key from a password once, and gives what encrypts by it as often as is asked, each time from an
 *  initialisation vector of its own. */
export async function pbes2(
  passphrase: Passphrase,
  rounds: number,
): Promise<(octets: Uint8Array) => Encrypted> {
  const salt = randomOctets(16);
  const key = await derive(passphrase.reveal(), salt, rounds, 32, 'sha256');
  const keyDerivation = algorithmIdentifier(
    OID.pbkdf2,
    sequence(octetString(salt), integer(rounds), algorithmIdentifier(OID.hmacWithSHA256, 'null')),
  );
  return (octets) => {
    const iv = randomOctets(16);
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    const encryption = algorithmIdentifier(OID.aes256Cbc, octetString(iv));
    return {
      algorithm: algorithmIdentifier(OID.pbes2, sequence(keyDerivation, encryption)),
      ciphertext: Buffer.concat([cipher.update(octets), cipher.final()]),
    };
  };
}

/** Opens an EncryptedPrivateKeyInfo of PBES2 with PBKDF2 and AES-CBC; null where it uses anything else.
 *  @throws SslapiError ERR_PASSWORD_WRONG */
export function decryptPkcs8(encrypted: Uint8Array, passphrase: Passphrase): Promise<Uint8Array | null> {
  return pkcs8Opener(passphrase)(encrypted);
}

/** The same for many that one password encrypts: what has the same salt is derived once. */
export function pkcs8Opener(passphrase: Passphrase): (encrypted: Uint8Array) => Promise<Uint8Array | null> {
  const keys = new Map<string, Promise<Uint8Array>>();
  const keyOf = ({ salt, rounds, digest, cipher }: Pbes2): Promise<Uint8Array> => {
    const from = `${Buffer.from(salt).toString('hex')} ${rounds} ${digest} ${cipher}`;
    const key =
      keys.get(from) ?? derive(passphrase.reveal(), salt, rounds, CIPHER_KEY_OCTETS[cipher], digest);
    keys.set(from, key);
    return key;
  };
  return async (encrypted) => {
    const outer = new DerReader(encrypted).enter(TAG.sequence);
    const scheme = readPbes2(readAlgorithmIdentifier(outer));
    const ciphertext = readOctetString(outer);
    return scheme && opened(ciphertext, scheme, await keyOf(scheme));
  };
}

function opened(ciphertext: Uint8Array, { cipher, iv }: Pbes2, key: Uint8Array): Uint8Array {
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    const pkcs8 = Buffer.concat([decipher.update(ciphertext), decipher.final()]);
    new DerReader(pkcs8).enter(TAG.sequence); // one wrong key in 256 leaves a padding that looks right
    return pkcs8;
  } catch (cause) {
    throw new SslapiError('ERR_PASSWORD_WRONG', 'the password does not open the key', { cause });
  }
}

interface Pbes2 {
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly digest: string;
  readonly cipher: keyof typeof CIPHER_KEY_OCTETS;
  readonly iv: Uint8Array;
}

function readPbes2({ algorithm, parameters }: AlgorithmIdentifier): Pbes2 | null {
  if (algorithm !== OID.pbes2 || parameters === null) return null;
  const inside = new DerReader(parameters).enter(TAG.sequence);
  const keyDerivation = readAlgorithmIdentifier(inside);
  const encryption = readAlgorithmIdentifier(inside);
  const cipher = CIPHERS.get(encryption.algorithm);
  if (keyDerivation.algorithm !== OID.pbkdf2 || cipher === undefined) return null;
  if (keyDerivation.parameters === null || encryption.parameters === null) return null;
  const iv = readOctetString(new DerReader(encryption.parameters));
  const derivation = new DerReader(keyDerivation.parameters).enter(TAG.sequence);
  const salt = readOctetString(derivation);
  const rounds = readSmallInteger(derivation);
  if (rounds > MAX_ROUNDS)
    throw new SslapiError('ERR_KEY_UNREADABLE', `the key asks for ${rounds} rounds of PBKDF2`);
  if (derivation.nextIs(TAG.integer)) readIntegerOctets(derivation);
  const digest = derivation.done ? 'sha1' : DIGESTS.get(readAlgorithmIdentifier(derivation).algorithm);
  return digest === undefined ? null : { salt, rounds, digest, cipher, iv };
}

const derive = promisify(pbkdf2);

const CIPHER_KEY_OCTETS = { 'aes-128-cbc': 16, 'aes-192-cbc': 24, 'aes-256-cbc': 32 } as const;
const CIPHERS: ReadonlyMap<string, keyof typeof CIPHER_KEY_OCTETS> = new Map([
  [OID.aes128Cbc, 'aes-128-cbc'],
  ['2.16.840.1.101.3.4.1.22', 'aes-192-cbc'],
  [OID.aes256Cbc, 'aes-256-cbc'],
]);
const DIGESTS: ReadonlyMap<string, string> = new Map([
  [OID.hmacWithSHA1, 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  [OID.hmacWithSHA256, 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);
/** Some thirty times our own figure: about four seconds. */
const MAX_ROUNDS = 20_000_000;
