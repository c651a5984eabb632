import { SslapiError } from '../errors.js';

/** Why a string of octets is not the DER it should be; X.690 and RFC 5280 say where each comes from. */
export type DerReason =
  | 'der-truncated'
  | 'der-trailing-data'
  | 'der-unexpected-tag'
  | 'der-length-not-minimal'
  | 'der-length-indefinite'
  | 'der-boolean-invalid'
  | 'der-integer-invalid'
  | 'der-oid-invalid'
  | 'der-bit-string-invalid'
  | 'der-string-invalid'
  | 'der-time-invalid'
  | 'der-set-not-sorted'
  | 'der-default-encoded'
  | 'der-value-invalid'
  | 'too-large';

/** Octets that break DER; `reason` says how, `offset` where in the outermost encoding, in octets. */
export class DerError extends SslapiError {
  readonly reason: DerReason;
  readonly offset: number;

  constructor(reason: DerReason, offset: number, what: string) {
    super('ERR_DER_INVALID', `${what} at octet ${offset} (${reason})`);
    this.name = 'DerError';
    this.reason = reason;
    this.offset = offset;
  }
}

/** Identifier octets of the universal types that X.509 uses, X.690 §8.1.2. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
} as const;

/** Identifier octet of a context-specific tag, [n]; `constructed` for EXPLICIT and for SEQUENCE inside. */
export function contextTag(number: number, constructed: boolean): number {
  return (constructed ? 0xa0 : 0x80) | number;
}

/** A cursor over DER octets that refuses whatever is not distinguished: definite, minimal, whole (X.690 §10). */
export class DerReader {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get done(): boolean {
    return this.offset >= this.end;
  }

  /** The identifier octet that comes next, or -1 at the end; tags of more than one octet do not occur in X.509. */
  peek(): number {
    return this.offset < this.end ? this.bytes[this.offset]! : -1;
  }

  /** A reader over the contents of the next element, which must carry `tag`; this reader moves behind it. */
  enter(tag: number): DerReader {
    const start = this.header(tag);
    const end = this.offset;
    return new DerReader(this.bytes, start, end);
  }

  /** The contents octets of the next element, which must carry `tag`, as a view. */
  contents(tag: number): Uint8Array {
    const start = this.header(tag);
    return this.bytes.subarray(start, this.offset);
  }

  /** The whole next element, header included, as a view; `tag` -1 takes any. */
  element(tag = -1): Uint8Array {
    const start = this.offset;
    this.header(tag);
    return this.bytes.subarray(start, this.offset);
  }

  /** Whether the next element carries `tag`. */
  nextIs(tag: number): boolean {
    return this.offset < this.end && this.bytes[this.offset] === tag;
  }

  /** Nothing may follow. */
  finish(): void {
    if (this.offset !== this.end) throw this.error('der-trailing-data', 'data after the last element');
  }

  error(reason: DerReason, what: string): DerError {
    return new DerError(reason, this.offset, what);
  }

  /** Reads identifier and length, leaves `offset` behind the contents and returns where these begin. */
  private header(tag: number): number {
    const { bytes, end } = this;
    let at = this.offset;
    if (at >= end) throw this.error('der-truncated', 'an element is missing');
    const identifier = bytes[at++]!;
    if (tag >= 0 && identifier !== tag) {
      throw this.error('der-unexpected-tag', `tag ${hex(identifier)} where ${hex(tag)} belongs`);
    }
    if ((identifier & 0x1f) === 0x1f) throw this.error('der-unexpected-tag', 'a tag of several octets');
    if (at >= end) throw this.error('der-truncated', 'a length is missing');
    let length = bytes[at++]!;
    if (length > 0x7f) {
      if (length === 0x80) throw this.error('der-length-indefinite', 'an indefinite length');
      let octets = length & 0x7f;
      if (octets > 4) throw this.error('too-large', `a length of ${octets} octets`);
      if (at + octets > end) throw this.error('der-truncated', 'a length is cut off');
      if (bytes[at] === 0) throw this.error('der-length-not-minimal', 'a length with a leading zero');
      length = 0;
      while (octets-- > 0) length = length * 256 + bytes[at++]!;
      if (length < 0x80) throw this.error('der-length-not-minimal', 'a long length where a short one fits');
    }
    if (length > end - at) throw this.error('der-truncated', `${length} octets announced, ${end - at} left`);
    this.offset = at + length;
    return at;
  }
}

/** BOOLEAN: FF or 00 and nothing else, X.690 §11.1. */
export function readBoolean(reader: DerReader, tag: number = TAG.boolean): boolean {
  const contents = reader.contents(tag);
  if (contents.length !== 1 || (contents[0] !== 0xff && contents[0] !== 0x00)) {
    throw reader.error('der-boolean-invalid', 'a BOOLEAN that is neither FF nor 00');
  }
  return contents[0] === 0xff;
}

/** Contents of an INTEGER, checked to be minimal two's complement (X.690 §8.3.2), as a view. */
export function readIntegerOctets(reader: DerReader, tag: number = TAG.integer): Uint8Array {
  const contents = reader.contents(tag);
  const [first, second] = contents;
  if (first === undefined) throw reader.error('der-integer-invalid', 'an INTEGER without contents');
  if (second !== undefined && ((first === 0x00 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw reader.error('der-integer-invalid', 'an INTEGER with a superfluous leading octet');
  }
  return contents;
}

/** INTEGER of any size, two's complement. */
export function readInteger(reader: DerReader, tag: number = TAG.integer): bigint {
  return integerFromOctets(readIntegerOctets(reader, tag));
}

/** INTEGER that must fit 0 … 2^31-1: versions, path lengths, reasons. */
export function readSmallInteger(reader: DerReader, tag: number = TAG.integer): number {
  const octets = readIntegerOctets(reader, tag);
  if (octets[0]! >= 0x80) throw reader.error('der-value-invalid', 'a negative INTEGER');
  if (octets.length > 4) throw reader.error('der-value-invalid', 'an INTEGER over 2^31');
  return octets.reduce((value, octet) => value * 256 + octet, 0);
}

/** Two's complement octets as a number. */
export function integerFromOctets(octets: Uint8Array): bigint {
  const magnitude = BigInt(
    `0x${Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex') || '0'}`,
  );
  return octets[0]! >= 0x80 ? magnitude - (1n << BigInt(octets.length * 8)) : magnitude;
}

export interface BitString {
  readonly bytes: Uint8Array;
  /** 0 to 7 bits at the end that do not count; DER has them zero, X.690 §11.2.1. */
  readonly unusedBits: number;
}

export function readBitString(reader: DerReader, tag: number = TAG.bitString): BitString {
  const contents = reader.contents(tag);
  const unusedBits = contents[0];
  if (unusedBits === undefined || unusedBits > 7 || (contents.length === 1 && unusedBits !== 0)) {
    throw reader.error('der-bit-string-invalid', 'a BIT STRING with a wrong count of unused bits');
  }
  const bytes = contents.subarray(1);
  if (unusedBits > 0 && (bytes[bytes.length - 1]! & ((1 << unusedBits) - 1)) !== 0) {
    throw reader.error('der-bit-string-invalid', 'a BIT STRING whose unused bits are set');
  }
  return { bytes, unusedBits };
}

/** BIT STRING of named bits as a set of their numbers; trailing zero bits are not DER, X.690 §11.2.2. */
export function readNamedBits(reader: DerReader, tag: number = TAG.bitString): ReadonlySet<number> {
  const { bytes, unusedBits } = readBitString(reader, tag);
  const last = bytes[bytes.length - 1];
  if (last !== undefined && (last & (1 << unusedBits)) === 0) {
    throw reader.error('der-bit-string-invalid', 'named bits with trailing zeros');
  }
  const bits = new Set<number>();
  for (let bit = 0; bit < bytes.length * 8 - unusedBits; bit += 1) {
    if ((bytes[bit >> 3]! & (0x80 >> (bit & 7))) !== 0) bits.add(bit);
  }
  return bits;
}

export function readOctetString(reader: DerReader): Uint8Array {
  return reader.contents(TAG.octetString);
}

export function readNull(reader: DerReader): void {
  if (reader.contents(TAG.null).length !== 0) throw reader.error('der-value-invalid', 'a NULL with contents');
}

/** OBJECT IDENTIFIER in dotted form, X.690 §8.19; at most 64 octets. */
export function readOid(reader: DerReader, tag: number = TAG.oid): string {
  const contents = reader.contents(tag);
  const known = oidCache.get(
    Buffer.from(contents.buffer, contents.byteOffset, contents.length).toString('latin1'),
  );
  return known ?? decodeOid(contents, reader);
}

/** Time as UTCTime or GeneralizedTime in the one form that RFC 5280 §4.1.2.5 allows: Zulu, seconds, no fraction. */
export function readTime(reader: DerReader): Date {
  const tag = reader.peek();
  const generalized = tag === TAG.generalizedTime;
  if (!generalized && tag !== TAG.utcTime)
    throw reader.error('der-unexpected-tag', 'a time is neither UTCTime nor GeneralizedTime');
  const text = latin1(reader.contents(tag));
  const match = generalized ? GENERALIZED_TIME.exec(text) : UTC_TIME.exec(text);
  if (match === null)
    throw reader.error('der-time-invalid', 'a time not written as YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ');
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const fullYear = generalized ? year : year >= 50 ? 1900 + year : 2000 + year;
  const time = new Date(0);
  time.setUTCFullYear(fullYear, month - 1, day);
  time.setUTCHours(hour, minute, second, 0);
  const real =
    time.getUTCMonth() === month - 1 && time.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!real) throw reader.error('der-time-invalid', `a time that no calendar has (${text})`);
  return time;
}

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** One DER element from its identifier octet and the parts of its contents. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return elementOf(tag, parts);
}

/** The same from a list, which may have a million parts: no call takes that many arguments. */
export function elementOf(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = length < 0x80 ? 2 : length < 0x100 ? 3 : length < 0x10000 ? 4 : length < 0x1000000 ? 5 : 6;
  const out = new Uint8Array(header + length);
  out[0] = tag;
  if (header === 2) out[1] = length;
  else {
    out[1] = 0x80 | (header - 2);
    for (let at = header - 1, rest = length; at > 1; at -= 1, rest = Math.floor(rest / 256))
      out[at] = rest & 0xff;
  }
  let at = header;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.sequence, ...parts);
}

/** SET OF in DER's order: members sorted by their encodings, X.690 §11.6. */
export function setOf(...parts: readonly Uint8Array[]): Uint8Array {
  return element(TAG.set, ...[...parts].sort(Buffer.compare));
}

/** [n] EXPLICIT. */
export function explicit(number: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return element(contextTag(number, true), ...parts);
}

/** [n] IMPLICIT over an encoded element, whose identifier octet it replaces. */
export function implicit(number: number, encoded: Uint8Array): Uint8Array {
  const out = Uint8Array.from(encoded);
  out[0] = contextTag(number, (encoded[0]! & 0x20) !== 0);
  return out;
}

/** INTEGER, shortest two's complement. */
export function integer(value: bigint | number, tag: number = TAG.integer): Uint8Array {
  let rest = BigInt(value);
  const octets: number[] = [];
  do {
    octets.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!((rest === 0n && octets[0]! < 0x80) || (rest === -1n && octets[0]! >= 0x80)));
  return element(tag, Uint8Array.from(octets));
}

export function boolean(value: boolean): Uint8Array {
  return Uint8Array.of(TAG.boolean, 1, value ? 0xff : 0);
}

export function nullValue(): Uint8Array {
  return Uint8Array.of(TAG.null, 0);
}

export function octetString(bytes: Uint8Array): Uint8Array {
  return element(TAG.octetString, bytes);
}

export function bitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return element(TAG.bitString, Uint8Array.of(unusedBits), bytes);
}

/** BIT STRING of named bits, trailing zero bits left out (X.690 §11.2.2). */
export function namedBits(bits: Iterable<number>): Uint8Array {
  const set = [...bits];
  if (set.length === 0) return bitString(new Uint8Array(0));
  const highest = Math.max(...set);
  const bytes = new Uint8Array((highest >> 3) + 1);
  for (const bit of set) bytes[bit >> 3] = bytes[bit >> 3]! | (0x80 >> (bit & 7));
  return bitString(bytes, 7 - (highest & 7));
}

export function oid(dotted: string): Uint8Array {
  const known = oidEncodings.get(dotted);
  if (known !== undefined) return known;
  const [first, second, ...rest] = dotted.split('.').map(BigInt);
  if (first === undefined || second === undefined)
    throw new DerError('der-oid-invalid', 0, `"${dotted}" is no object identifier`);
  const encoded = element(TAG.oid, Uint8Array.from([first * 40n + second, ...rest].flatMap(base128)));
  if (oidEncodings.size < OID_CACHE_SIZE) oidEncodings.set(dotted, encoded);
  return encoded;
}

/** UTCTime through 2049, GeneralizedTime from 2050 on, RFC 5280 §4.1.2.5; a part of a second is cut off. */
export function time(date: Date): Uint8Array {
  const year = date.getUTCFullYear();
  return year >= 1950 && year < 2050
    ? element(TAG.utcTime, Buffer.from(digitsOf(date).slice(2), 'latin1'))
    : generalizedTime(date);
}

/** GeneralizedTime whatever the year; a part of a second is cut off. */
export function generalizedTime(date: Date): Uint8Array {
  return element(TAG.generalizedTime, Buffer.from(digitsOf(date), 'latin1'));
}

/** YYYYMMDDHHMMSSZ. */
function digitsOf(date: Date): string {
  return date.toISOString().replace(/[-:T]|\.\d+/g, '');
}

export function utf8String(text: string): Uint8Array {
  return element(TAG.utf8String, Buffer.from(text, 'utf8'));
}

export function printableString(text: string): Uint8Array {
  return element(TAG.printableString, Buffer.from(text, 'latin1'));
}

export function ia5String(text: string): Uint8Array {
  return element(TAG.ia5String, Buffer.from(text, 'latin1'));
}

/** Octets as text, one character an octet. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}

/** Whether two strings of octets are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

function decodeOid(contents: Uint8Array, reader: DerReader): string {
  if (contents.length === 0 || contents.length > 64 || contents[contents.length - 1]! >= 0x80) {
    throw reader.error('der-oid-invalid', 'an OBJECT IDENTIFIER that is empty, too long or cut off');
  }
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const octet of contents) {
    if (fresh && octet === 0x80)
      throw reader.error('der-oid-invalid', 'an OBJECT IDENTIFIER with a padded arc');
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    fresh = octet < 0x80;
    if (fresh) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [head, ...rest] = arcs as [bigint, ...bigint[]];
  const first = head < 40n ? 0n : head < 80n ? 1n : 2n;
  const dotted = [first, head - first * 40n, ...rest].join('.');
  if (oidCache.size < OID_CACHE_SIZE) oidCache.set(latin1(contents), dotted);
  return dotted;
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}

/** The same few dozen identifiers stand in every certificate; bounded, so that strange input cannot fill memory. */
const OID_CACHE_SIZE = 512;
const oidCache = new Map<string, string>();
const oidEncodings = new Map<string, Uint8Array>();
