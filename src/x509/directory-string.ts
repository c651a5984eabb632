import { type DerReader, latin1, TAG } from './der.js';

/** Whether every character stands in PrintableString's alphabet, X.680 §41.4. */
export function isPrintable(text: string): boolean {
  return PRINTABLE.test(text);
}

/** Reads a string of any of the types that names use, and refuses octets that its type does not allow.
 *  A value of another type is given back as `#` and its hex, as RFC 4514 §2.4 writes it, with tag -1. */
export function decodeString(reader: DerReader): { value: string; tag: number } {
  const tag = reader.peek();
  if (!KNOWN.has(tag)) return { value: `#${Buffer.from(reader.element()).toString('hex')}`, tag: -1 };
  const octets = reader.contents(tag);
  const value = decodeOctets(tag, octets);
  if (value === null)
    throw reader.error('der-string-invalid', 'a string with characters that its type does not have');
  return { value, tag };
}

/** IA5String contents as text, or null where an octet is over 127. */
export function decodeIa5(octets: Uint8Array): string | null {
  return octets.every((octet) => octet < 0x80) ? latin1(octets) : null;
}

function decodeOctets(tag: number, octets: Uint8Array): string | null {
  switch (tag) {
    case TAG.utf8String:
      return decodeUtf8(octets);
    case TAG.printableString:
      return PRINTABLE.test(latin1(octets)) ? latin1(octets) : null;
    case TAG.numericString:
      return /^[0-9 ]*$/.test(latin1(octets)) ? latin1(octets) : null;
    case TAG.ia5String:
    case TAG.visibleString:
      return decodeIa5(octets);
    case TAG.bmpString:
      return octets.length % 2 === 0 ? Buffer.from(octets).swap16().toString('utf16le') : null;
    case TAG.universalString:
      return decodeUniversal(octets);
    default: // TeletexString: read as Latin-1, as everybody does
      return latin1(octets);
  }
}

function decodeUtf8(octets: Uint8Array): string | null {
  try {
    return UTF8.decode(octets);
  } catch {
    return null;
  }
}

function decodeUniversal(octets: Uint8Array): string | null {
  if (octets.length % 4 !== 0) return null;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  let text = '';
  for (let at = 0; at < octets.length; at += 4) {
    const codePoint = view.getUint32(at);
    if (codePoint > 0x10ffff) return null;
    text += String.fromCodePoint(codePoint);
  }
  return text;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
const KNOWN: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.printableString,
  TAG.teletexString,
  TAG.numericString,
  TAG.ia5String,
  TAG.visibleString,
  TAG.bmpString,
  TAG.universalString,
]);
