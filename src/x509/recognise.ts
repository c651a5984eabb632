import { SslapiError } from '../errors.js';
import { type Asn1Shape, asn1ShapeOf, missingOctets } from './asn1-shape.js';
import { TAG } from './der.js';
import { foreignContentOf, foreignLabel } from './foreign-content.js';
import { decodePem, looksLikePem, type PemBlock } from './pem.js';

/** One thing found in a file: what it is by its content, whatever its name or label says. */
export interface RecognisedItem {
  readonly kind: Asn1Shape;
  readonly der: Uint8Array;
  /** The PEM block it stood in; null where the file is DER. */
  readonly block: PemBlock | null;
}

/** What a file holds, and how it is written. */
export interface Recognised {
  readonly encoding: 'pem' | 'der' | 'base64';
  readonly items: readonly RecognisedItem[];
  /** Blocks that are nothing of ours, in words: Diffie-Hellman parameters and the like. */
  readonly passedOver: readonly string[];
}

/** Tells by content what a file holds: certificates, requests, CRLs, keys, PKCS#7, PKCS#12, OCSP responses. What is
 *  found is not parsed yet: it may still break DER's rules.
 *  @param name how the file is called in an error: its path, or standard input
 *  @throws SslapiError ERR_INPUT_NOT_RECOGNISED with what it looks like instead */
export function recognise(bytes: Uint8Array, name: string): Recognised {
  if (bytes[0] === TAG.sequence) return { encoding: 'der', items: [derItem(bytes, name)], passedOver: [] };
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  if (looksLikePem(text)) return recognisePem(text, name);
  const der = bareBase64(text);
  if (der !== null) return { encoding: 'base64', items: [derItem(der, name)], passedOver: [] };
  const { what, hint } = foreignContentOf(bytes);
  throw unrecognised(name, `is ${what}`, hint);
}

/** What an item is, in words that go behind "this is". */
export function kindInWords(kind: Asn1Shape): string {
  return KINDS[kind];
}

function recognisePem(text: string, name: string): Recognised {
  const items: RecognisedItem[] = [];
  const passedOver: string[] = [];
  let hint: string | undefined;
  for (const block of blocksOf(text, name)) {
    const foreign = foreignLabel(block.label);
    if (foreign === undefined) items.push(pemItem(block, name));
    else {
      passedOver.push(foreign.what);
      hint ??= foreign.hint;
    }
  }
  if (items.length === 0) throw unrecognised(name, `is ${passedOver[0] ?? 'PEM without a block'}`, hint);
  return { encoding: 'pem', items, passedOver };
}

function blocksOf(text: string, name: string): PemBlock[] {
  try {
    return decodePem(text);
  } catch (error) {
    if (!(error instanceof SslapiError)) throw error;
    throw new SslapiError(error.code, `${name}: ${error.message}`, { hint: ANEW });
  }
}

function pemItem(block: PemBlock, name: string): RecognisedItem {
  const { label, der, headers } = block;
  if (headers.includes('ENCRYPTED')) return { kind: 'encrypted-private-key', der, block };
  const kind = asn1ShapeOf(der);
  const missing = kind === null ? 0 : missingOctets(der);
  if (missing > 0)
    throw unrecognised(name, `holds a ${label} block that is cut off: ${missing} octets are missing`, ANEW);
  if (kind === null) throw unrecognised(name, `has a ${label} block, but what is in it is none`);
  return { kind, der: label === 'TRUSTED CERTIFICATE' ? withoutTrailer(der) : der, block };
}

function derItem(der: Uint8Array, name: string): RecognisedItem {
  const kind = asn1ShapeOf(der);
  const missing = missingOctets(der);
  if (missing > 0) {
    throw unrecognised(
      name,
      `is cut off: it announces ${der.length + missing} octets and has ${der.length}`,
      ANEW,
    );
  }
  if (kind === null) throw unrecognised(name, `is ${foreignContentOf(der).what}`);
  return { kind, der, block: null };
}

/** OpenSSL's trusted certificate is a certificate and, behind it, what it shall be trusted for. */
function withoutTrailer(der: Uint8Array): Uint8Array {
  const octets = der[1]! < 0x80 ? 0 : der[1]! & 0x7f;
  const length =
    octets === 0 ? der[1]! : der.subarray(2, 2 + octets).reduce((sum, octet) => sum * 256 + octet, 0);
  return der.subarray(0, 2 + octets + length);
}

/** DER in base64 that lost its BEGIN and END lines, as mail and JSON carry it. */
function bareBase64(text: string): Uint8Array | null {
  const packed =
    text.length > MAX_BASE64 || !text.trimStart().startsWith('MI') ? '' : text.replace(/\s+/g, '');
  if (packed === '' || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return null;
  const der = new Uint8Array(Buffer.from(packed, 'base64'));
  return asn1ShapeOf(der) === null ? null : der;
}

function unrecognised(name: string, what: string, hint?: string): SslapiError {
  return new SslapiError('ERR_INPUT_NOT_RECOGNISED', `${name} ${what}`, { hint: hint ?? WANTED });
}

const MAX_BASE64 = 2 * 1024 * 1024;
const ANEW = 'Copy or fetch it anew: it did not arrive whole.';
const WANTED = 'A certificate, request, CRL, key, PKCS#7 or PKCS#12 is wanted, in PEM or DER.';

const KINDS: Readonly<Record<Asn1Shape, string>> = {
  certificate: 'a certificate',
  'certificate-request': 'a certificate request',
  'certificate-list': 'a CRL',
  'private-key': 'a private key',
  'encrypted-private-key': 'an encrypted private key',
  'public-key': 'a public key',
  pkcs12: 'a PKCS#12 file',
  pkcs7: 'a PKCS#7 file',
  'ocsp-response': 'an OCSP response',
};
