import { domainToASCII } from 'node:url';
import { SslapiError } from '../errors.js';
import {
  contextTag,
  type DerReader,
  explicit,
  ia5String,
  implicit,
  latin1,
  octetString,
  oid,
  readOid,
} from './der.js';
import { decodeIa5 } from './directory-string.js';
import { formatIpAddress, parseIpAddress } from './ip-address.js';
import { formatName, type Name, parseName, readName } from './name.js';

/** One name of a subjectAltName and its kin, RFC 5280 §4.2.1.6. */
export type GeneralName =
  | { readonly type: 'rfc822Name' | 'dNSName' | 'uniformResourceIdentifier'; readonly value: string }
  | { readonly type: 'iPAddress'; readonly octets: Uint8Array }
  | { readonly type: 'directoryName'; readonly name: Name }
  | { readonly type: 'registeredID'; readonly oid: string }
  | {
      readonly type: 'otherName' | 'x400Address' | 'ediPartyName';
      readonly der: Uint8Array;
      readonly typeId?: string;
    };

/** Reads one GeneralName at the reader's place. */
export function readGeneralName(reader: DerReader): GeneralName {
  const tag = reader.peek();
  switch (tag) {
    case contextTag(0, true):
      return readOtherName(reader);
    case contextTag(1, false):
      return { type: 'rfc822Name', value: readIa5(reader, tag) };
    case contextTag(2, false):
      return { type: 'dNSName', value: readIa5(reader, tag) };
    case contextTag(3, true):
      return { type: 'x400Address', der: reader.element() };
    case contextTag(4, true):
      return readDirectoryName(reader);
    case contextTag(5, true):
      return { type: 'ediPartyName', der: reader.element() };
    case contextTag(6, false):
      return { type: 'uniformResourceIdentifier', value: readIa5(reader, tag) };
    case contextTag(7, false):
      return { type: 'iPAddress', octets: reader.contents(tag) };
    case contextTag(8, false):
      return { type: 'registeredID', oid: readOid(reader, tag) };
    default:
      throw reader.error('der-unexpected-tag', 'a GeneralName of no known type');
  }
}

/** Every GeneralName up to the reader's end. */
export function readGeneralNames(reader: DerReader): GeneralName[] {
  const names: GeneralName[] = [];
  while (!reader.done) {
    names.push(readGeneralName(reader));
    if (names.length > MAX_NAMES) throw reader.error('too-large', `more than ${MAX_NAMES} names`);
  }
  return names;
}

export function encodeGeneralName(name: GeneralName): Uint8Array {
  switch (name.type) {
    case 'rfc822Name':
      return implicit(1, ia5String(name.value));
    case 'dNSName':
      return implicit(2, ia5String(name.value));
    case 'uniformResourceIdentifier':
      return implicit(6, ia5String(name.value));
    case 'iPAddress':
      return implicit(7, octetString(name.octets));
    case 'directoryName':
      return explicit(4, name.name.der);
    case 'registeredID':
      return implicit(8, oid(name.oid));
    case 'otherName':
    case 'x400Address':
    case 'ediPartyName':
      return name.der;
  }
}

/** The name with its type before it, as `--san` reads it and JSON prints it: `DNS:api.test`. */
export function formatGeneralName(name: GeneralName): string {
  switch (name.type) {
    case 'rfc822Name':
      return `EMAIL:${name.value}`;
    case 'dNSName':
      return `DNS:${name.value}`;
    case 'uniformResourceIdentifier':
      return `URI:${name.value}`;
    case 'iPAddress':
      return `IP:${formatIpAddress(name.octets)}`;
    case 'directoryName':
      return `DirName:${formatName(name.name)}`;
    case 'registeredID':
      return `RID:${name.oid}`;
    case 'otherName':
      return `otherName:${name.typeId ?? ''}:${Buffer.from(name.der).toString('hex')}`;
    case 'x400Address':
    case 'ediPartyName':
      return `${name.type}:${Buffer.from(name.der).toString('hex')}`;
  }
}

/** Reads a name as people type it: with a prefix (`DNS:`, `IP:`, `EMAIL:`, `URI:`) or told by its look. */
export function parseGeneralName(text: string): GeneralName {
  const trimmed = text.trim();
  const [, prefix, value] = /^(DNS|IP|EMAIL|URI|DIRNAME):(.+)$/is.exec(trimmed) ?? [];
  switch (prefix?.toUpperCase()) {
    case 'DNS':
      return dnsName(value!, text);
    case 'IP':
      return ipAddress(value!, text);
    case 'EMAIL':
      return emailAddress(value!, text);
    case 'URI':
      return uri(value!, text);
    case 'DIRNAME':
      return { type: 'directoryName', name: parseName(value!) };
    default:
      return parseByLook(trimmed, text);
  }
}

/** The DNS name in A-labels and lower case, or null where it is none; a wildcard only as the whole left-most label. */
export function toDnsName(text: string): string | null {
  const wildcard = text.startsWith('*.') ? '*.' : '';
  const ascii = domainToASCII(text.slice(wildcard.length).replace(/\.$/, ''));
  const labels = ascii.split('.');
  const good = ascii.length > 0 && ascii.length <= 253 && labels.every((label) => DNS_LABEL.test(label));
  return good && parseIpAddress(ascii) === null && !(wildcard !== '' && labels.length < 2)
    ? wildcard + ascii.toLowerCase()
    : null;
}

function parseByLook(trimmed: string, text: string): GeneralName {
  if (parseIpAddress(trimmed) !== null) return ipAddress(trimmed, text);
  if (URI_LOOK.test(trimmed)) return uri(trimmed, text);
  return trimmed.includes('@') ? emailAddress(trimmed, text) : dnsName(trimmed, text);
}

function dnsName(value: string, text: string): GeneralName {
  const name = toDnsName(value);
  if (name === null) throw unreadable(text, 'this is no DNS name');
  return { type: 'dNSName', value: name };
}

function ipAddress(value: string, text: string): GeneralName {
  const octets = parseIpAddress(value);
  if (octets === null) throw unreadable(text, 'this is no IP address');
  return { type: 'iPAddress', octets };
}

function emailAddress(value: string, text: string): GeneralName {
  const at = value.lastIndexOf('@');
  const host = toDnsName(value.slice(at + 1));
  const local = value.slice(0, at);
  if (
    at < 1 ||
    host === null ||
    host.startsWith('*') ||
    !/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/.test(local)
  ) {
    throw unreadable(text, 'this is no mail address');
  }
  return { type: 'rfc822Name', value: `${local}@${host}` };
}

function uri(value: string, text: string): GeneralName {
  if (!URI_LOOK.test(value) || !/^[\x21-\x7e]+$/.test(value) || value.length > 2048 || !URL.canParse(value)) {
    throw unreadable(text, 'this is no absolute URI');
  }
  return { type: 'uniformResourceIdentifier', value };
}

function readIa5(reader: DerReader, tag: number): string {
  const octets = reader.contents(tag);
  const text = decodeIa5(octets);
  if (text === null)
    throw reader.error('der-string-invalid', `a name that is not ASCII ("${latin1(octets)}")`);
  return text;
}

function readDirectoryName(reader: DerReader): GeneralName {
  const inside = reader.enter(contextTag(4, true));
  const name = readName(inside);
  inside.finish();
  return { type: 'directoryName', name };
}

function readOtherName(reader: DerReader): GeneralName {
  const start = reader.offset;
  const inside = reader.enter(contextTag(0, true));
  const typeId = readOid(inside);
  inside.element(contextTag(0, true));
  inside.finish();
  return { type: 'otherName', der: reader.bytes.subarray(start, reader.offset), typeId };
}

function unreadable(text: string, why: string): SslapiError {
  return new SslapiError('ERR_SAN_INVALID', `cannot read the subjectAltName "${text}": ${why}`);
}

/** Letters, digits, and hyphens inside (RFC 5280 §4.2.1.6, RFC 1034 §3.5): no underscores. */
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const URI_LOOK = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i;
/** A certificate with 2,500 names has been seen to work; ten times that is an attack. */
const MAX_NAMES = 25_000;
