import { DerError, DerReader, readOid, TAG } from './der.js';
import { OID } from './oid.js';

/** How a PKCS#12 file is protected, as it says itself before any password is given. */
export interface Pkcs12Protection {
  /** The ciphers in it, each once, by the names that people know: AES-256, 3DES, RC2-40 … */
  readonly encryption: readonly string[];
  /** The digest of its MAC; null where there is none, or it is signed. */
  readonly mac: string | null;
}

/** Reads the algorithms of a PKCS#12 file. Never throws: what breaks DER's rules says as much as can be read. */
export function pkcs12Protection(der: Uint8Array): Pkcs12Protection {
  const found: string[] = [];
  collect(der, found, 0);
  const ciphers = found.flatMap((oid) => CIPHERS.get(oid) ?? []);
  const digest = found.findLast((oid) => DIGESTS.has(oid));
  return { encryption: [...new Set(ciphers)], mac: digest === undefined ? null : DIGESTS.get(digest)! };
}

/** Every object identifier, in order, also those inside of octet strings that hold DER. */
function collect(bytes: Uint8Array, found: string[], depth: number): void {
  if (depth > MAX_DEPTH) return;
  try {
    for (const reader = new DerReader(bytes); !reader.done; ) {
      const tag = reader.peek();
      if (tag === TAG.oid) found.push(readOid(reader));
      else {
        const contents = reader.contents(tag);
        const nested = (tag & CONSTRUCTED) !== 0 || (tag === TAG.octetString && contents[0] === TAG.sequence);
        if (nested) collect(contents, found, depth + 1);
      }
    }
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
  }
}

const CONSTRUCTED = 0x20;
const MAX_DEPTH = 24;

/** Of PBES2 (RFC 8018 §B.2) and of PKCS#12's own schemes (RFC 7292 §C). */
const CIPHERS: ReadonlyMap<string, string> = new Map([
  [OID.aes128Cbc, 'AES-128'],
  ['2.16.840.1.101.3.4.1.22', 'AES-192'],
  [OID.aes256Cbc, 'AES-256'],
  ['1.2.840.113549.3.7', '3DES'],
  ['1.2.840.113549.1.12.1.1', 'RC4-128'],
  ['1.2.840.113549.1.12.1.2', 'RC4-40'],
  [OID.pbeWithSHAAnd3KeyTripleDesCbc, '3DES'],
  ['1.2.840.113549.1.12.1.4', '3DES'],
  ['1.2.840.113549.1.12.1.5', 'RC2-128'],
  ['1.2.840.113549.1.12.1.6', 'RC2-40'],
]);
const DIGESTS: ReadonlyMap<string, string> = new Map([
  [OID.sha1, 'SHA-1'],
  [OID.sha224, 'SHA-224'],
  [OID.sha256, 'SHA-256'],
  [OID.sha384, 'SHA-384'],
  [OID.sha512, 'SHA-512'],
  ['1.2.840.113549.2.5', 'MD5'],
]);
