import { createHmac, timingSafeEqual } from 'node:crypto';
import { SslapiError } from '../errors.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import {
  contextTag,
  DerError,
  DerReader,
  octetString,
  readOctetString,
  readOid,
  readSmallInteger,
  sequence,
  TAG,
} from '../x509/der.js';
import { OID } from '../x509/oid.js';
import type { Passphrase } from './passphrase.js';
import { pkcs8Opener } from './pkcs8.js';
import { derivePkcs12, PKCS12_USE } from './pkcs12-derivation.js';

/** A certificate or a key as it lay in a PKCS#12 file, and what it was called there. */
export interface Pkcs12Bag {
  readonly kind: 'certificate' | 'private-key';
  /** Encoded certificate or PrivateKeyInfo, octet for octet what was put in. */
  readonly der: Uint8Array;
  readonly friendlyName: string | null;
  /** The same on a key and on its certificate, lower-case hex. */
  readonly localKeyId: string | null;
}

/** Opens a PKCS#12 file as `encodePkcs12` writes it today, RFC 7292: PBES2 with PBKDF2 and AES, a MAC of SHA-256. For those of
 *  old there is `x509/pkcs12.ts`.
 *  @throws SslapiError ERR_PASSWORD_WRONG, or ERR_INPUT_NOT_RECOGNISED where it is anything else */
export async function decodePkcs12(der: Uint8Array, password: Passphrase): Promise<Pkcs12Bag[]> {
  try {
    return await readPfx(der, password);
  } catch (error) {
    const isForeign = error instanceof DerError || (error as SslapiError).code === 'ERR_KEY_UNREADABLE';
    throw isForeign ? unreadable('it is not what sslapi writes', error) : error;
  }
}

async function readPfx(der: Uint8Array, password: Passphrase): Promise<Pkcs12Bag[]> {
  const pfx = wholeSequence(der);
  if (readSmallInteger(pfx) !== 3) throw unreadable('it is not of version 3');
  const authenticatedSafe = dataOf(pfx.enter(TAG.sequence));
  if (pfx.done) throw unreadable('it has no MAC, so anybody could have changed it');
  checkMac(pfx.enter(TAG.sequence), authenticatedSafe, password);
  const contents = wholeSequence(authenticatedSafe);
  const open = openerOf(password);
  const bags: Pkcs12Bag[] = [];
  while (!contents.done) {
    const safe = wholeSequence(await safeContents(contents.enter(TAG.sequence), open));
    while (!safe.done) bags.push(await readBag(safe.enter(TAG.sequence), open));
  }
  return bags;
}

type Open = (algorithm: Uint8Array, ciphertext: Uint8Array) => Promise<Uint8Array>;

function openerOf(password: Passphrase): Open {
  const open = pkcs8Opener(password);
  return async (algorithm, ciphertext) => {
    const octets = await open(sequence(algorithm, octetString(ciphertext)));
    if (octets === null) throw unreadable('it is encrypted in another way than PBES2 with AES');
    return octets;
  };
}

/** MacData, RFC 7292 §4, held against what it was made of before anything is decrypted. */
function checkMac(macData: DerReader, content: Uint8Array, password: Passphrase): void {
  const digestInfo = macData.enter(TAG.sequence);
  const { algorithm } = readAlgorithmIdentifier(digestInfo);
  const expected = readOctetString(digestInfo);
  const salt = readOctetString(macData);
  const rounds = macData.done ? 1 : readSmallInteger(macData);
  if (algorithm !== OID.sha256) throw unreadable('its MAC is not of SHA-256');
  if (rounds > MAX_ROUNDS) throw unreadable(`it asks for ${rounds} rounds to open it`);
  const from = { digest: 'sha256', salt, rounds, use: PKCS12_USE.mac, length: 32 } as const;
  const mac = createHmac('sha256', derivePkcs12(password, from)).update(content).digest();
  if (expected.length === mac.length && timingSafeEqual(mac, expected)) return;
  throw new SslapiError('ERR_PASSWORD_WRONG', 'the password does not open the PKCS#12 file');
}

/** ContentInfo: octets in clear, or encrypted by the password (EncryptedData, RFC 2315 §13). */
async function safeContents(contentInfo: DerReader, open: Open): Promise<Uint8Array> {
  if (readOid(contentInfo) === OID.pkcs7Data) return insideOf(contentInfo);
  const data = contentInfo.enter(contextTag(0, true)).enter(TAG.sequence);
  readSmallInteger(data);
  const info = data.enter(TAG.sequence);
  readOid(info);
  const { der } = readAlgorithmIdentifier(info);
  return open(der, info.contents(contextTag(0, false)));
}

function dataOf(contentInfo: DerReader): Uint8Array {
  if (readOid(contentInfo) !== OID.pkcs7Data) throw unreadable('it is signed, not protected by a password');
  return insideOf(contentInfo);
}

function insideOf(contentInfo: DerReader): Uint8Array {
  return readOctetString(contentInfo.enter(contextTag(0, true)));
}

/** SafeBag, RFC 7292 §4.2. */
async function readBag(bag: DerReader, open: Open): Promise<Pkcs12Bag> {
  const type = readOid(bag);
  const value = bag.enter(contextTag(0, true));
  const attributes = bag.done ? NO_ATTRIBUTES : readAttributes(bag.enter(TAG.set));
  switch (type) {
    case OID.certBag: {
      const inside = value.enter(TAG.sequence);
      if (readOid(inside) !== OID.x509Certificate) throw unreadable('a certificate in it is not of X.509');
      return { kind: 'certificate', der: insideOf(inside), ...attributes };
    }
    case OID.pkcs8ShroudedKeyBag: {
      const encrypted = value.enter(TAG.sequence);
      const { der } = readAlgorithmIdentifier(encrypted);
      return { kind: 'private-key', der: await open(der, readOctetString(encrypted)), ...attributes };
    }
    default:
      throw unreadable(`it holds a bag of type ${type}`);
  }
}

function readAttributes(set: DerReader): Pick<Pkcs12Bag, 'friendlyName' | 'localKeyId'> {
  const found: { friendlyName: string | null; localKeyId: string | null } = { ...NO_ATTRIBUTES };
  while (!set.done) {
    const attribute = set.enter(TAG.sequence);
    const type = readOid(attribute);
    const values = attribute.enter(TAG.set);
    if (type === OID.friendlyName) found.friendlyName = bmpText(values.contents(TAG.bmpString));
    if (type === OID.localKeyId) found.localKeyId = Buffer.from(readOctetString(values)).toString('hex');
  }
  return found;
}

function bmpText(octets: Uint8Array): string {
  if (octets.length % 2 !== 0) throw unreadable('a friendlyName in it is half a character too long');
  return Buffer.from(octets).swap16().toString('utf16le');
}

function wholeSequence(der: Uint8Array): DerReader {
  const outer = new DerReader(der);
  const inside = outer.enter(TAG.sequence);
  outer.finish();
  return inside;
}

function unreadable(why: string, cause?: unknown): SslapiError {
  return new SslapiError('ERR_INPUT_NOT_RECOGNISED', `the PKCS#12 file cannot be read: ${why}`, {
    cause,
  });
}

const NO_ATTRIBUTES = { friendlyName: null, localKeyId: null };
/** About a second. */
const MAX_ROUNDS = 1_000_000;
