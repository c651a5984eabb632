import { CIPHER_SUITE_TABLE } from './cipher-suite-table.js';
import type { TlsVersion } from './version.js';

/** A cipher suite and what its name says about it. */
export interface CipherSuite {
  /** Code point, 0x0000 to 0xffff. */
  readonly id: number;
  /** IANA's name. */
  readonly name: string;
  /** OpenSSL's name; null where it never had one. */
  readonly opensslName: string | null;
  /** How the key is agreed upon: `ECDHE`, `DHE`, `RSA`, `ECDH`, `DH`, `PSK`, `DHE_PSK`, `SRP`, `KRB5` …;
   *  `any` for TLS 1.3, which settles it by the group. */
  readonly keyExchange: string;
  /** What the server's key must be: `RSA`, `ECDSA`, `DSS`, `PSK`, `anon` …; `any` for TLS 1.3. */
  readonly authentication: string;
  /** Cipher and mode as in the name: `AES_128_GCM`, `3DES_EDE_CBC`, `RC4_128`, `NULL`. */
  readonly encryption: string;
  /** What it takes to break the cipher by brute force, in bits: 3DES counts 112, EXPORT 40 or 56, NULL 0. */
  readonly strengthBits: number;
  /** MAC of a suite that has one apart from its cipher, `SHA`, `MD5`, `SHA256`; null for AEAD. */
  readonly mac: string | null;
  /** Hash of the key schedule or PRF, a name that node:crypto knows. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | 'sm3';
  readonly aead: boolean;
  readonly cbc: boolean;
  /** Past sessions stay closed when the server's long-term key is lost. */
  readonly forwardSecret: boolean;
  readonly anonymous: boolean;
  readonly export: boolean;
  /** No TLS version before this one knows the suite. */
  readonly since: TlsVersion;
}

/** The suite of a code point; null for one that is in no table, GREASE included. */
export function cipherSuite(id: number): CipherSuite | null {
  const known = suites.get(id);
  if (known !== undefined) return known;
  const row = rows().get(id);
  if (row === undefined) return null;
  const suite = parsed(id, row);
  suites.set(id, suite);
  return suite;
}

/** The suite of an IANA or OpenSSL name; null where there is none. */
export function cipherSuiteNamed(name: string): CipherSuite | null {
  for (const [id, row] of rows()) if (row.includes(name)) return parsed(id, row);
  return null;
}

/** IANA's name of a code point; the code point in hexadecimal, `0x1a2b`, where there is none. */
export function cipherSuiteName(id: number): string {
  return rows().get(id)?.[0] ?? `0x${id.toString(16).padStart(4, '0')}`;
}

/** Every code point that can be offered in a version, ascending; signalling values and TLS_NULL_WITH_NULL_NULL are not suites.
 *  A suite of TLS 1.2 that a server speaks in an earlier version is a fault worth finding: `mayMisbehave` keeps those in. */
export function cipherSuitesOf(version: TlsVersion, { mayMisbehave = false } = {}): number[] {
  const isThirteen = version === 'TLSv1.3';
  return [...rows().keys()].filter((id) => {
    if (NOT_SUITES.has(id)) return false;
    const { since } = cipherSuite(id)!;
    if (isThirteen || since === 'TLSv1.3') return isThirteen && since === 'TLSv1.3';
    return mayMisbehave || version === 'TLSv1.2' || since === 'SSLv3';
  });
}

/** Signalling cipher suite values, RFC 5746 §3.3 and RFC 7507 §2. */
export const SCSV = { emptyRenegotiationInfo: 0x00ff, fallback: 0x5600 } as const;

type Row = readonly [name: string, opensslName?: string];

let byId: ReadonlyMap<number, Row> | undefined;
/** Those that were asked for: to take a name apart costs more than to keep what is in it. */
const suites = new Map<number, CipherSuite>();

function rows(): ReadonlyMap<number, Row> {
  byId ??= new Map(
    CIPHER_SUITE_TABLE.map((line) => {
      const [id, name, opensslName] = line.split(' ');
      return [Number.parseInt(id!, 16), opensslName === undefined ? [name!] : [name!, opensslName]];
    }),
  );
  return byId;
}

function parsed(id: number, [name, opensslName]: Row): CipherSuite {
  const [left = '', right = ''] = name.includes('_WITH_') ? name.split('_WITH_') : ['TLS', name.slice(4)];
  const isExport = left.includes('EXPORT');
  const keys = left.replace(/^(TLS|SSL)_?/, '').replace(/_(EXPORT(1024)?|FIPS)$/, '');
  const [keyExchange, authentication] = keys === '' ? ['any', 'any'] : keyExchangeOf(keys);
  const [encryption, digest] = encryptionOf(right);
  const aead = isAead(encryption, right);
  return {
    id,
    name,
    opensslName: opensslName ?? null,
    keyExchange,
    authentication,
    encryption,
    strengthBits: strengthBits(encryption, left),
    mac: aead || encryption === 'NULL_NULL' ? null : digest,
    hash: hashOf(digest),
    aead,
    cbc: /CBC|DES40/.test(encryption),
    forwardSecret: FORWARD_SECRET.has(keyExchange) || keyExchange === 'any',
    anonymous: authentication === 'anon' || authentication === 'NULL',
    export: isExport,
    since: sinceOf(keys, aead, digest, keyExchange),
  };
}

/** `ECDHE_RSA` is key exchange and authentication; `RSA`, `PSK` and `KRB5` are both in one; `DHE_PSK` is one key exchange. */
function keyExchangeOf(keys: string): [keyExchange: string, authentication: string] {
  if (keys === 'PSK_DHE') return ['DHE_PSK', 'PSK']; // RFC 6655 turns the words around
  if (/PSK/.test(keys)) return [keys, keys.startsWith('RSA') ? 'RSA' : 'PSK'];
  if (keys.startsWith('SRP_SHA')) return ['SRP', keys.slice('SRP_SHA_'.length) || 'SRP'];
  if (keys.startsWith('GOST')) return ['GOST', 'GOST'];
  const [keyExchange, authentication = keyExchange] = keys.split('_') as [string, string?];
  if (authentication === 'anon') return [`${keyExchange}E`, 'anon'];
  return [keyExchange, authentication];
}

/** Splits `AES_128_CBC_SHA256` before the digest; CCM suites of TLS 1.2 name none. */
function encryptionOf(right: string): [encryption: string, digest: string] {
  const [, encryption, digest] = /^(.*?)_?(MD5|SHA\d*|SM3|OMAC|IMIT|L|S)?(?:_OLD)?$/.exec(right) ?? [];
  if (encryption === '' || /^SHA/.test(encryption ?? '')) return ['NULL', digest ?? ''];
  return [encryption ?? right, digest ?? 'SHA256'];
}

function isAead(encryption: string, right: string): boolean {
  return /GCM|CCM|POLY1305|AEGIS|MGM/.test(encryption) || /^SHA(256|384)_SHA/.test(right);
}

function strengthBits(encryption: string, left: string): number {
  if (/^NULL/.test(encryption)) return 0;
  if (left.includes('EXPORT1024')) return 56;
  if (/3DES/.test(encryption)) return 112;
  if (/DES40|_40/.test(encryption)) return 40;
  if (/^DES/.test(encryption)) return 56;
  if (/CHACHA20|28147|KUZNYECHIK|MAGMA/.test(encryption)) return 256;
  return Number(/_(\d{3})/.exec(encryption)?.[1] ?? 128);
}

function hashOf(digest: string): CipherSuite['hash'] {
  if (digest === 'SHA384') return 'sha384';
  if (digest === 'SHA512') return 'sha512';
  return digest === 'SM3' ? 'sm3' : 'sha256';
}

/** RFC 5246 brought AEAD and SHA-2; RFC 5487 and 5489 allow the CBC suites with a PSK in every version. */
function sinceOf(keys: string, aead: boolean, digest: string, keyExchange: string): TlsVersion {
  if (keys === '') return 'TLSv1.3';
  if (keys.startsWith('GOST') && /^[LS]$/.test(digest)) return 'TLSv1.3';
  if (aead) return 'TLSv1.2';
  return /^SHA(256|384)$/.test(digest) && !keyExchange.includes('PSK') ? 'TLSv1.2' : 'SSLv3';
}

const FORWARD_SECRET = new Set(['DHE', 'ECDHE', 'DHE_PSK', 'ECDHE_PSK', 'ECCPWD', 'SRP']);
const NOT_SUITES = new Set<number>([0x0000, SCSV.emptyRenegotiationInfo, SCSV.fallback]);
