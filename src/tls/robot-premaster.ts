import { constants, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import { concat, uint8, uint16 } from './vector.js';
import type { TlsVersion } from './version.js';
import { versionNumber } from './version.js';

/** What is wrong with an encrypted premaster secret: nothing, its first two octets, its zero (which stands at the end, or
 *  nowhere), or the version in it. */
export type PremasterFault = 'none' | 'start' | 'zero-misplaced' | 'zero-missing' | 'version';

export const PREMASTER_FAULTS: readonly PremasterFault[] = [
  'none',
  'start',
  'zero-misplaced',
  'zero-missing',
  'version',
];

/** An RSA block of PKCS #1 v1.5 type 2 around a premaster secret (RFC 8017 §7.2.1, RFC 5246 §7.4.7.1), with one fault or none,
 *  encrypted as it stands; a key that is none is a DecodeError.
 *  @param version that the premaster secret is for: the one that the hello offered */
export function encryptedPremaster(key: KeyObject, fault: PremasterFault, version: TlsVersion): Uint8Array {
  const block = paddedBlock(key.asymmetricKeyDetails?.modulusLength ?? 0, fault, version);
  try {
    return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block);
  } catch {
    throw new DecodeError('a certificate whose RSA key can not be computed with');
  }
}

/** The block before encryption, as long as the modulus.
 *  @param modulusBits 472 at least, which is 59 octets */
export function paddedBlock(modulusBits: number, fault: PremasterFault, version: TlsVersion): Uint8Array {
  const padding = nonZero(Math.ceil(modulusBits / 8) - OVERHEAD_BYTES - SECRET_BYTES);
  const secret = nonZero(SECRET_BYTES);
  const wrongStart = modulusBits % 8 === 0 ? WRONG_START : SMALL_WRONG_START;
  const start = fault === 'start' ? wrongStart : RIGHT_START;
  const versionOctets = fault === 'version' ? WRONG_VERSION : uint16(versionNumber(version));
  switch (fault) {
    case 'none':
    case 'start':
    case 'version':
      return concat(start, padding, uint8(0), versionOctets, secret);
    case 'zero-misplaced':
      return concat(start, padding, uint8(0x11), secret, uint8(0), uint8(0x11));
    case 'zero-missing':
      return concat(start, padding, uint8(0x11), uint16(0x1111), secret);
  }
}

function nonZero(length: number): Uint8Array {
  return randomBytes(length).map((octet) => (octet === 0 ? 1 : octet));
}

const RIGHT_START = Uint8Array.of(0x00, 0x02);
const WRONG_START = Uint8Array.of(0x41, 0x17);
/** Below a modulus that does not fill its first octet. */
const SMALL_WRONG_START = Uint8Array.of(0x00, 0x17);
const WRONG_VERSION = uint16(0x0202);
/** Of the premaster secret without its version. */
const SECRET_BYTES = 46;
/** The start, the zero and the version. */
const OVERHEAD_BYTES = 5;
