import { SslapiError } from '../errors.js';
import {
  type DerReader,
  element,
  ia5String,
  oid,
  printableString,
  DerReader as Reader,
  readOid,
  sequence,
  setOf,
  TAG,
  utf8String,
} from './der.js';
import { decodeString, isPrintable } from './directory-string.js';
import { OID, oidName } from './oid.js';

/** One attribute of a relative distinguished name, RFC 5280 §4.1.2.4. */
export interface AttributeTypeAndValue {
  /** Dotted object identifier. */
  readonly type: string;
  readonly value: string;
  /** The string type it is encoded as; -1 where the value is no string we know. */
  readonly tag: number;
}

export type RelativeDistinguishedName = readonly AttributeTypeAndValue[];

/** A distinguished name, the most significant part first, as DER has it. */
export interface Name {
  readonly der: Uint8Array;
  readonly rdns: readonly RelativeDistinguishedName[];
}

/** Reads a Name at the reader's place. */
export function readName(reader: DerReader): Name {
  const der = reader.element(TAG.sequence);
  const sets = new Reader(der).enter(TAG.sequence);
  const rdns: RelativeDistinguishedName[] = [];
  while (!sets.done) rdns.push(readRelativeDistinguishedName(sets.enter(TAG.set)));
  if (rdns.length > MAX_RDNS) throw reader.error('too-large', `a name of ${rdns.length} parts`);
  return { der, rdns };
}

/** The attributes of a SET that the reader is inside of. */
export function readRelativeDistinguishedName(set: DerReader): RelativeDistinguishedName {
  if (set.done) throw set.error('der-value-invalid', 'an empty RelativeDistinguishedName');
  const attributes: AttributeTypeAndValue[] = [];
  let previous: Uint8Array | undefined;
  while (!set.done) {
    const place = set.offset;
    const encoded = set.element(TAG.sequence);
    if (previous !== undefined && Buffer.compare(previous, encoded) > 0) {
      throw set.error('der-set-not-sorted', 'a SET whose members are not sorted');
    }
    previous = encoded;
    const attribute = new Reader(set.bytes, place, set.offset).enter(TAG.sequence);
    const type = readOid(attribute);
    attributes.push({ type, ...decodeString(attribute) });
    attribute.finish();
  }
  return attributes;
}

/** A Name from its parts, the most significant first; each part one attribute or several. */
export function makeName(
  rdns: ReadonlyArray<ReadonlyArray<{ readonly type: string; readonly value: string }>>,
): Name {
  const der = sequence(
    ...rdns.map((rdn) =>
      setOf(...rdn.map(({ type, value }) => sequence(oid(type), encodeValue(type, value)))),
    ),
  );
  return readName(new Reader(der));
}

/** A Name of a commonName alone. */
export function commonNameOnly(commonName: string): Name {
  return makeName([[{ type: OID.commonName, value: commonName }]]);
}

/** Reads a name as RFC 4514 writes it, the most specific part first: `CN=api.test,O=Acme,C=DE`. */
export function parseName(text: string): Name {
  if (text.trim() === '') return makeName([]);
  const rdns = splitUnescaped(text, ',').map((rdn) =>
    splitUnescaped(rdn, '+').map((attribute) => parseAttribute(attribute, text)),
  );
  return makeName(rdns.reverse());
}

/** The name as RFC 4514 writes it; empty for an empty name. */
export function formatName(name: Name): string {
  return [...name.rdns]
    .reverse()
    .map((rdn) =>
      rdn.map(({ type, value }) => `${KEYWORDS.get(type) ?? oidName(type)}=${escapeValue(value)}`).join('+'),
    )
    .join(',');
}

/** The most specific commonName, where there is one. */
export function commonNameOf(name: Name): string | undefined {
  for (const rdn of [...name.rdns].reverse()) {
    const found = rdn.find(({ type }) => type === OID.commonName);
    if (found !== undefined) return found.value;
  }
  return undefined;
}

/** Whether two names match: compared as RFC 5280 §7.1 says, without case and with white space folded. */
export function sameName(a: Name, b: Name): boolean {
  if (a.der.length === b.der.length && Buffer.compare(a.der, b.der) === 0) return true;
  return a.rdns.length === b.rdns.length && nameKey(a) === nameKey(b);
}

/** A key under which matching names fall together (RFC 5280 §7.1). */
export function nameKey(name: Name): string {
  return name.rdns.map(rdnKey).join('\u0001');
}

/** The same for one relative distinguished name. */
export function rdnKey(rdn: RelativeDistinguishedName): string {
  return rdn
    .map(({ type, value, tag }) => `${type}=${tag < 0 ? value : foldValue(value)}`)
    .sort()
    .join('\u0002');
}

/** What RFC 4518 does to a string before it is compared, so far as certificates need it. */
function foldValue(value: string): string {
  return value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}

function encodeValue(type: string, value: string): Uint8Array {
  if (type === OID.domainComponent || type === OID.emailAddress) return ia5String(value);
  const printable = type === OID.countryName || type === OID.serialNumber || type === OID.dnQualifier;
  return printable ? printableString(value) : utf8String(value);
}

function parseAttribute(text: string, whole: string): { type: string; value: string } {
  const equals = text.indexOf('=');
  const keyword = text.slice(0, Math.max(equals, 0)).trim();
  const type = typeOf(keyword);
  if (type === undefined)
    throw unreadable(
      whole,
      keyword === '' ? `"${text.trim()}" has no type` : `"${keyword}" is no type of attribute we know`,
    );
  const value = unescapeValue(trimUnescaped(text.slice(equals + 1)), whole);
  if (value === '') throw unreadable(whole, `${keyword} is empty`);
  const limit = UPPER_BOUNDS.get(type) ?? 32_768;
  if ([...value].length > limit)
    throw unreadable(whole, `${keyword} has over ${limit} characters (RFC 5280 Appendix A.1)`);
  if (type === OID.countryName && !/^[A-Za-z]{2}$/.test(value))
    throw unreadable(whole, 'C is a country code of two letters');
  if ((type === OID.serialNumber || type === OID.dnQualifier) && !isPrintable(value))
    throw unreadable(whole, `${keyword} takes plain letters and digits`);
  const ascii = [...value].every((character) => character.charCodeAt(0) < 0x80);
  if ((type === OID.domainComponent || type === OID.emailAddress) && !ascii)
    throw unreadable(whole, `${keyword} takes ASCII`);
  return { type, value };
}

function typeOf(keyword: string): string | undefined {
  if (/^\d+(\.\d+)+$/.test(keyword)) return keyword;
  return TYPES.get(keyword.toUpperCase());
}

function splitUnescaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\') part += text[at++]! + (text[at] ?? '');
    else if (text[at] === separator) {
      parts.push(part);
      part = '';
    } else part += text[at];
  }
  return [...parts, part];
}

function unescapeValue(text: string, whole: string): string {
  const octets: number[] = [];
  const bytes = Buffer.from(text, 'utf8');
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] !== 0x5c) octets.push(bytes[at]!);
    else {
      const pair = bytes.subarray(at + 1, at + 3).toString('latin1');
      if (/^[0-9a-f]{2}$/i.test(pair)) octets.push(Number.parseInt(pair, 16));
      else if (at + 1 < bytes.length) octets.push(bytes[at + 1]!);
      else throw unreadable(whole, 'it ends in a backslash');
      at += /^[0-9a-f]{2}$/i.test(pair) ? 2 : 1;
    }
  }
  const value = Buffer.from(octets).toString('utf8');
  if (/[\p{Cc}\ufffd]/u.test(value)) throw unreadable(whole, 'it holds a control character');
  return value;
}

/** Without the white space around it; a space behind a backslash belongs to the value (RFC 4514 §2.4). */
function trimUnescaped(text: string): string {
  const trimmed = text.trim();
  const backslashes = /\\*$/.exec(trimmed)![0].length;
  const escapesSpace = backslashes % 2 === 1 && text.trimStart().length > trimmed.length;
  return escapesSpace ? `${trimmed} ` : trimmed;
}

function escapeValue(value: string): string {
  return value
    .replace(/[\\,+"<>;]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replace(/\p{Cc}/gu, (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function unreadable(whole: string, why: string): SslapiError {
  return new SslapiError('ERR_SUBJECT_INVALID', `cannot read the subject "${whole}": ${why}`);
}

/** Encodes one RelativeDistinguishedName as the [1] of a distribution point name holds it. */
export function encodeRelativeDistinguishedName(rdn: RelativeDistinguishedName): Uint8Array {
  return setOf(
    ...rdn.map(({ type, value, tag }) =>
      sequence(oid(type), tag < 0 ? element(TAG.utf8String, Buffer.from(value)) : encodeValue(type, value)),
    ),
  );
}

/** Names have a handful of parts; more is an attack or a fault. */
const MAX_RDNS = 128;

/** Keywords of RFC 4514 §3, and those that people expect beside them. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['CN', OID.commonName],
  ['L', OID.localityName],
  ['ST', OID.stateOrProvinceName],
  ['O', OID.organizationName],
  ['OU', OID.organizationalUnitName],
  ['C', OID.countryName],
  ['STREET', OID.streetAddress],
  ['DC', OID.domainComponent],
  ['UID', OID.userId],
  ['SN', OID.surname],
  ['GN', OID.givenName],
  ['TITLE', OID.title],
  ['SERIALNUMBER', OID.serialNumber],
  ['DNQUALIFIER', OID.dnQualifier],
  ['ORGANIZATIONIDENTIFIER', OID.organizationIdentifier],
  ['EMAILADDRESS', OID.emailAddress],
]);

const KEYWORDS: ReadonlyMap<string, string> = new Map(
  [...TYPES].map(([keyword, type]) => [type, keyword.length > 6 ? oidName(type) : keyword]),
);

/** Longest values, RFC 5280 Appendix A.1. */
const UPPER_BOUNDS: ReadonlyMap<string, number> = new Map([
  [OID.commonName, 64],
  [OID.localityName, 128],
  [OID.stateOrProvinceName, 128],
  [OID.organizationName, 64],
  [OID.organizationalUnitName, 64],
  [OID.countryName, 2],
  [OID.serialNumber, 64],
  [OID.emailAddress, 255],
]);
