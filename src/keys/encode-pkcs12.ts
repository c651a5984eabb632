import { createCipheriv, createHmac } from 'node:crypto';
import { algorithmIdentifier } from '../x509/algorithm-identifier.js';
import { integer, octetString, sequence } from '../x509/der.js';
import { OID } from '../x509/oid.js';
import {
  type BagAttributes,
  certBag,
  dataContent,
  encryptedContent,
  type MacData,
  pfx,
  shroudedKeyBag,
} from '../x509/pkcs12-write.js';
import type { Passphrase } from './passphrase.js';
import { type Encrypted, pbes2 } from './pkcs8.js';
import { derivePkcs12, PKCS12_USE } from './pkcs12-derivation.js';
import { randomOctets } from './random-octets.js';

/** A certificate of a PKCS#12 file, with what belongs to it. */
export interface Pkcs12Entry {
  /** What programs show it as. */
  readonly friendlyName: string;
  /** Encoded certificate. */
  readonly certificate: Uint8Array;
  /** Encoded certificates of its CAs; what several entries share is written once. */
  readonly chain: readonly Uint8Array[];
  /** Encoded PrivateKeyInfo in clear; null where there is none to give. */
  readonly privateKey: Uint8Array | null;
}

/** What a PKCS#12 file is made of. */
export interface Pkcs12Request {
  readonly entries: readonly Pkcs12Entry[];
  readonly password: Passphrase;
  /** 3DES and SHA-1, for readers that know nothing better: macOS, Windows Server 2016, Android up to 12. */
  readonly legacy: boolean;
}

/** Writes a PKCS#12 file, RFC 7292: certificates and keys by PBES2 (AES-256-CBC, PBKDF2-HMAC-SHA256) and a MAC of
 *  SHA-256, or of old by pbeWithSHA1And3-KeyTripleDES and SHA-1. A key carries the localKeyId of its certificate. */
export async function encodePkcs12({ entries, password, legacy }: Pkcs12Request): Promise<Uint8Array> {
  const encrypt = legacy ? tripleDes(password) : await pbes2(password, ROUNDS);
  const certificates = encrypt(sequence(...certBags(entries)));
  const keys = entries.flatMap((entry, at) => keyBags(entry, at, encrypt));
  const authenticatedSafe = sequence(
    encryptedContent(certificates.algorithm, certificates.ciphertext),
    ...(keys.length === 0 ? [] : [dataContent(sequence(...keys))]),
  );
  return pfx(authenticatedSafe, macOf(authenticatedSafe, password, legacy));
}

/** The entries' own certificates, then those of CAs: each once, and none that is an entry itself. */
function certBags(entries: readonly Pkcs12Entry[]): Uint8Array[] {
  const own = entries.map((entry, at) => certBag(entry.certificate, attributesOf(entry, at)));
  const seen = new Set(entries.map(({ certificate }) => hex(certificate)));
  const cas = entries
    .flatMap(({ chain }) => chain)
    .filter((der) => !seen.has(hex(der)) && seen.add(hex(der)));
  return [...own, ...cas.map((der) => certBag(der, {}))];
}

function keyBags(entry: Pkcs12Entry, at: number, encrypt: Encrypt): Uint8Array[] {
  if (entry.privateKey === null) return [];
  const { algorithm, ciphertext } = encrypt(entry.privateKey);
  return [shroudedKeyBag(sequence(algorithm, octetString(ciphertext)), attributesOf(entry, at))];
}

/** The place among the entries is what ties key and certificate: a digest would tie every key of one certificate. */
function attributesOf({ friendlyName, privateKey }: Pkcs12Entry, at: number): BagAttributes {
  if (privateKey === null) return { friendlyName };
  return { friendlyName, localKeyId: Buffer.of(0, 0, (at + 1) >> 8, (at + 1) & 0xff) };
}

/** pbeWithSHAAnd3-KeyTripleDES-CBC, RFC 7292 §C: a salt, and with it a key, for each use. */
function tripleDes(password: Passphrase): Encrypt {
  return (octets) => {
    const salt = randomOctets(8);
    const from = { digest: 'sha1', salt, rounds: LEGACY_ROUNDS } as const;
    const key = derivePkcs12(password, { ...from, use: PKCS12_USE.key, length: 24 });
    const iv = derivePkcs12(password, { ...from, use: PKCS12_USE.initialisationVector, length: 8 });
    const cipher = createCipheriv('des-ede3-cbc', key, iv);
    const parameters = sequence(octetString(salt), integer(LEGACY_ROUNDS));
    return {
      algorithm: algorithmIdentifier(OID.pbeWithSHAAnd3KeyTripleDesCbc, parameters),
      ciphertext: Buffer.concat([cipher.update(octets), cipher.final()]),
    };
  };
}

function macOf(content: Uint8Array, password: Passphrase, legacy: boolean): MacData {
  const digest = legacy ? 'sha1' : 'sha256';
  const salt = randomOctets(legacy ? 8 : 16);
  const rounds = legacy ? LEGACY_ROUNDS : ROUNDS;
  const length = legacy ? 20 : 32;
  const key = derivePkcs12(password, { digest, salt, rounds, use: PKCS12_USE.mac, length });
  const mac = createHmac(digest, key).update(content).digest();
  return { digestAlgorithm: algorithmIdentifier(OID[digest], 'null'), mac, salt, rounds };
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}

type Encrypt = (octets: Uint8Array) => Encrypted;

/** Fifty times what OpenSSL does. The derivation of the MAC's key, which has no native form, bounds it: 0.1 s. */
const ROUNDS = 100_000;
/** What readers of those days expect. */
const LEGACY_ROUNDS = 2048;
