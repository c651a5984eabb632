import { ByteReader, DecodeError } from './byte-reader.js';
import { concat, uint8, uint16, uint24 } from './vector.js';

/** A SERVER-HELLO of SSL 2.0, draft-hickman-netscape-ssl §2.6. */
export interface Ssl2ServerHello {
  /** X.509 in DER; null where a session was resumed or the server has none. */
  readonly certificate: Uint8Array | null;
  /** CIPHER-KINDs that the server has in common with the client; in SSL 2.0 it is the client that chooses. */
  readonly cipherKinds: readonly number[];
  readonly connectionId: Uint8Array;
}

/** Every CIPHER-KIND by code point: its name and OpenSSL's. */
export const SSL2_CIPHER_KINDS: ReadonlyMap<
  number,
  { readonly name: string; readonly opensslName: string | null }
> = new Map([
  [0x010080, { name: 'SSL_CK_RC4_128_WITH_MD5', opensslName: 'RC4-MD5' }],
  [0x020080, { name: 'SSL_CK_RC4_128_EXPORT40_WITH_MD5', opensslName: 'EXP-RC4-MD5' }],
  [0x030080, { name: 'SSL_CK_RC2_128_CBC_WITH_MD5', opensslName: 'RC2-CBC-MD5' }],
  [0x040080, { name: 'SSL_CK_RC2_128_CBC_EXPORT40_WITH_MD5', opensslName: 'EXP-RC2-CBC-MD5' }],
  [0x050080, { name: 'SSL_CK_IDEA_128_CBC_WITH_MD5', opensslName: 'IDEA-CBC-MD5' }],
  [0x060040, { name: 'SSL_CK_DES_64_CBC_WITH_MD5', opensslName: 'DES-CBC-MD5' }],
  [0x060140, { name: 'SSL_CK_DES_64_CBC_WITH_SHA', opensslName: null }],
  [0x0700c0, { name: 'SSL_CK_DES_192_EDE3_CBC_WITH_MD5', opensslName: 'DES-CBC3-MD5' }],
  [0x0701c0, { name: 'SSL_CK_DES_192_EDE3_CBC_WITH_SHA', opensslName: null }],
  [0x080080, { name: 'SSL_CK_RC4_64_WITH_MD5', opensslName: 'RC4-64-MD5' }],
]);

/** Writes a CLIENT-HELLO of SSL 2.0 with its record header.
 *  @param challenge 16 to 32 octets */
export function ssl2ClientHello(cipherKinds: readonly number[], challenge: Uint8Array): Uint8Array {
  const body = concat(
    uint8(CLIENT_HELLO),
    uint16(SSL2_VERSION),
    uint16(cipherKinds.length * 3),
    uint16(0), // session id
    uint16(challenge.length),
    ...cipherKinds.map(uint24),
    challenge,
  );
  return concat(uint16(0x8000 | body.length), body);
}

/** Writes a SERVER-HELLO of SSL 2.0 with its record header, of a new session. */
export function ssl2ServerHello(
  certificate: Uint8Array,
  cipherKinds: readonly number[],
  connectionId: Uint8Array,
): Uint8Array {
  const body = concat(
    uint8(SERVER_HELLO),
    uint8(0), // SESSION-ID-HIT
    uint8(X509_CERTIFICATE),
    uint16(SSL2_VERSION),
    uint16(certificate.length),
    uint16(cipherKinds.length * 3),
    uint16(connectionId.length),
    certificate,
    ...cipherKinds.map(uint24),
    connectionId,
  );
  return concat(uint16(0x8000 | body.length), body);
}

/** Reads the body of a record that holds a SERVER-HELLO. */
export function readSsl2ServerHello(body: Uint8Array): Ssl2ServerHello {
  const reader = new ByteReader(body, 'SSL 2.0 SERVER-HELLO');
  const type = reader.uint8();
  if (type !== SERVER_HELLO) throw new DecodeError(`SSL 2.0 message of type ${type}`);
  reader.uint8(); // SESSION-ID-HIT
  reader.uint8(); // CERTIFICATE-TYPE
  const version = reader.uint16();
  if (version !== SSL2_VERSION)
    throw new DecodeError(`SSL 2.0 SERVER-HELLO of version 0x${version.toString(16)}`);
  const lengths = [reader.uint16(), reader.uint16(), reader.uint16()] as const;
  const certificate = reader.bytes(lengths[0]);
  const kinds = new ByteReader(reader.bytes(lengths[1]), 'cipher kinds');
  const connectionId = reader.bytes(lengths[2]);
  reader.end();
  const cipherKinds: number[] = [];
  while (kinds.remaining > 0) cipherKinds.push(kinds.uint24());
  return { certificate: certificate.length === 0 ? null : certificate, cipherKinds, connectionId };
}

const CLIENT_HELLO = 1;
const SERVER_HELLO = 4;
const SSL2_VERSION = 0x0002;
const X509_CERTIFICATE = 1;
