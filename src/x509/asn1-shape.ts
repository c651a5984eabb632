import { TAG } from './der.js';

/** The structures that a file of ours may hold, told by the tags at their top; RFC 5280, 2986, 5958, 7292, 6960. */
export type Asn1Shape =
  | 'certificate'
  | 'certificate-request'
  | 'certificate-list'
  | 'private-key'
  | 'encrypted-private-key'
  | 'public-key'
  | 'pkcs12'
  | 'pkcs7'
  | 'ocsp-response';

/** Tells a structure by its outline, also where it breaks DER's rules further in; null where it is none of ours. */
export function asn1ShapeOf(bytes: Uint8Array): Asn1Shape | null {
  const outer = elementAt(bytes, 0, bytes.length);
  if (outer?.tag !== TAG.sequence) return null;
  const parts = childrenOf(bytes, outer);
  const outline = parts.map(({ tag }) => tag);
  if (startsWith(outline, [TAG.sequence, TAG.sequence, TAG.bitString])) return signedShape(bytes, parts[0]!);
  if (startsWith(outline, [TAG.sequence, TAG.bitString])) return 'public-key';
  if (startsWith(outline, [TAG.sequence, TAG.octetString])) return 'encrypted-private-key';
  if (startsWith(outline, [TAG.oid, EXPLICIT_0])) return 'pkcs7';
  if (startsWith(outline, [TAG.enumerated])) return 'ocsp-response';
  if (outline[0] === TAG.integer) return numberedShape(bytes, parts, outline);
  return null;
}

/** How many octets the outermost element announces that are not there; 0 where it is whole. */
export function missingOctets(bytes: Uint8Array): number {
  const [tag, first] = bytes;
  if (tag !== TAG.sequence || first === undefined || first === INDEFINITE) return 0;
  const octets = first < 0x80 ? 0 : first & 0x7f;
  if (octets > 4 || bytes.length < 2 + octets) return 0;
  const length =
    octets === 0 ? first : bytes.subarray(2, 2 + octets).reduce((sum, octet) => sum * 256 + octet, 0);
  return Math.max(0, 2 + octets + length - bytes.length);
}

/** What is signed: a certificate, a request or a CRL, by what stands behind the names. */
function signedShape(bytes: Uint8Array, tbs: Element): Asn1Shape | null {
  const outline = childrenOf(bytes, tbs).map(({ tag }) => tag);
  if (outline[0] === EXPLICIT_0) return 'certificate';
  const rest = outline[0] === TAG.integer ? outline.slice(1) : outline;
  if (!startsWith(rest, [TAG.sequence, TAG.sequence])) return null;
  if (rest[2] === TAG.utcTime || rest[2] === TAG.generalizedTime) return 'certificate-list';
  if (rest.length === outline.length) return null;
  return rest[2] === TAG.sequence ? 'certificate' : 'certificate-request';
}

/** What begins with a version or with a number: keys of all kinds, and PKCS#12. */
function numberedShape(
  bytes: Uint8Array,
  parts: readonly Element[],
  outline: readonly number[],
): Asn1Shape | null {
  if (outline[1] === TAG.sequence) {
    const inside = childrenOf(bytes, parts[1]!).map(({ tag }) => tag);
    if (startsWith(inside, [TAG.oid, EXPLICIT_0])) return 'pkcs12';
    return outline[2] === TAG.octetString ? 'private-key' : null;
  }
  if (outline[1] === TAG.octetString) return 'private-key';
  if (outline[1] !== TAG.integer) return null;
  return outline.length === 2 ? 'public-key' : 'private-key';
}

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** The first elements inside another; an indefinite length ends them, as it takes a whole parse to find its end. */
function childrenOf(bytes: Uint8Array, { start, end }: Element): Element[] {
  const children: Element[] = [];
  for (let at = start; at < end && children.length < MOST_CHILDREN; ) {
    const child = elementAt(bytes, at, end);
    if (child === null) break;
    children.push(child);
    at = child.end;
  }
  return children;
}

/** The element at a place: BER's lengths pass too, so that what breaks DER is told for what it is. */
function elementAt(bytes: Uint8Array, at: number, limit: number): Element | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || at + 2 > limit) return null;
  if (first < 0x80) return { tag, start: at + 2, end: Math.min(at + 2 + first, limit) };
  if (first === INDEFINITE) return { tag, start: at + 2, end: limit };
  const octets = first & 0x7f;
  if (octets > 6 || at + 2 + octets > limit) return null;
  const start = at + 2 + octets;
  const length = bytes.subarray(at + 2, start).reduce((sum, octet) => sum * 256 + octet, 0);
  return { tag, start, end: Math.min(start + length, limit) };
}

function startsWith(outline: readonly number[], wanted: readonly number[]): boolean {
  return wanted.every((tag, at) => outline[at] === tag);
}

const EXPLICIT_0 = 0xa0;
const INDEFINITE = 0x80;
/** A TBSCertificate has at most ten parts. */
const MOST_CHILDREN = 10;
