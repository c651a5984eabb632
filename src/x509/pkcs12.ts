import { pbkdf2Sync } from 'node:crypto';
import forge from 'node-forge';
import { SslapiError } from '../errors.js';
import { DerError, DerReader, TAG } from './der.js';

/** What a PKCS#12 file holds, RFC 7292. */
export interface Pkcs12Contents {
  /** Encoded certificates. */
  readonly certificates: readonly Uint8Array[];
  /** Encoded PrivateKeyInfo of each key, in clear. */
  readonly privateKeys: readonly Uint8Array[];
  /** The names that people gave them. */
  readonly friendlyNames: readonly string[];
}

/** Opens a PKCS#12 file, those of old with RC2 and 3DES as well: node:crypto has no door for it. node-forge is large, so
 *  this file is to be loaded by `import()`, when one is met.
 *  @throws SslapiError ERR_PASSWORD_WRONG, or ERR_INPUT_NOT_RECOGNISED where it is no PKCS#12 that can be read */
export function readPkcs12(der: Uint8Array, passphrase: string): Pkcs12Contents {
  const bags = open(der, passphrase).safeContents.flatMap(({ safeBags }) => safeBags);
  const names = bags.flatMap(({ attributes }) => (attributes as Attributes | undefined)?.friendlyName ?? []);
  return {
    certificates: ofType(bags, forge.pki.oids['certBag']).map(certificateOf),
    privateKeys: [
      ...ofType(bags, forge.pki.oids['keyBag']),
      ...ofType(bags, forge.pki.oids['pkcs8ShroudedKeyBag']),
    ].map(privateKeyOf),
    friendlyNames: [...new Set(names)],
  };
}

interface Attributes {
  readonly friendlyName?: readonly string[];
}

function open(der: Uint8Array, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  tryRounds(der, 0);
  try {
    const asn1 = forge.asn1.fromDer(Buffer.from(der).toString('latin1'));
    return forge.pkcs12.pkcs12FromAsn1(asn1, false, passphrase);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : '';
    throw WRONG_PASSWORD.test(message)
      ? new SslapiError('ERR_PASSWORD_WRONG', 'the password does not open the PKCS#12 file', {
          hint: 'Check the password: --password-file FILE holds that of the PKCS#12 file.',
          cause,
        })
      : new SslapiError('ERR_INPUT_NOT_RECOGNISED', 'the PKCS#12 file cannot be read', {
          hint: 'Export it anew, with a certificate and a key.',
          cause,
        });
  }
}

/** Rounds of key derivation are whatever the file says: so many that it never ends are refused, before anything is
 *  derived. They stand behind a salt: an INTEGER behind an OCTET STRING. */
function checkRounds(bytes: Uint8Array, depth = 0): void {
  const reader = new DerReader(bytes);
  for (let before = -1; !reader.done && depth < MAX_DEPTH; ) {
    const tag = reader.peek();
    const contents = reader.contents(tag);
    if (tag === TAG.integer && before === TAG.octetString && contents.length > MAX_ROUNDS_OCTETS) {
      throw new SslapiError(
        'ERR_INPUT_NOT_RECOGNISED',
        'the PKCS#12 file asks for too many rounds to open it',
        {
          hint: 'Export it anew with fewer.',
        },
      );
    }
    const nested = tag === TAG.octetString && contents[0] === TAG.sequence;
    if ((tag & CONSTRUCTED) !== 0) checkRounds(contents, depth + 1);
    else if (nested) tryRounds(contents, depth + 1);
    before = tag;
  }
}

/** What looks like DER and is none, such as a ciphertext, is passed over. */
function tryRounds(bytes: Uint8Array, depth: number): void {
  try {
    checkRounds(bytes, depth);
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
}

function ofType(bags: readonly forge.pkcs12.Bag[], type: string | undefined): forge.pkcs12.Bag[] {
  return bags.filter((bag) => bag.type === type);
}

/** forge reads RSA certificates itself, and hands over all others as they are. */
function certificateOf({ cert, asn1 }: forge.pkcs12.Bag): Uint8Array {
  return toDer(cert ? forge.pki.certificateToAsn1(cert) : asn1);
}

function privateKeyOf({ key, asn1 }: forge.pkcs12.Bag): Uint8Array {
  return toDer(key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1);
}

function toDer(asn1: forge.asn1.Asn1): Uint8Array {
  return Uint8Array.from(Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'latin1'));
}

const CONSTRUCTED = 0x20;
const MAX_DEPTH = 24;
/** Three octets hold 8 million. */
const MAX_ROUNDS_OCTETS = 3;

/** forge takes the password of PBES2 for octets and derives in JavaScript; RFC 8018 §3 leaves the encoding open, and
 *  everybody else takes UTF-8. Ours is right, and a hundred times as fast. */
Object.assign(forge.pkcs5, {
  pbkdf2: (password: string, salt: string, rounds: number, octets: number, digest: { algorithm: string }) =>
    pbkdf2Sync(password, Buffer.from(salt, 'latin1'), rounds, octets, digest.algorithm).toString('latin1'),
});

/** What forge says where the MAC or a key does not come out. */
const WRONG_PASSWORD = /invalid password|wrong password|MAC could not be verified|decrypt/i;
