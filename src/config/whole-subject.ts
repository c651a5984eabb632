import { formatName, type Name, parseName } from '../x509/name.js';
import { checkClientName, unfit } from './config-value.js';

/** The subject of a client, for servers that compare it as a whole. */
export interface WholeSubject {
  readonly subject: Name;
  /** As OpenSSL prints it by RFC 2253: the most specific part first. */
  readonly text: string;
  /** The same, octets that are not ASCII escaped as `\C3\BC`. */
  readonly ascii: string;
}

/** Whether a client is named by its subjectAltName. */
export function isAlternativeName(client: string): boolean {
  return /^(?:DNS|URI|email|IP):/.test(client);
}

/** Reads a client that is named by its whole subject.
 *  @param server what reads it, to say so in a refusal
 *  @throws SslapiError ERR_CONFIG_VALUE for names of the subjectAltName, and for what OpenSSL would print in another way */
export function wholeSubject(client: string, server: string): WholeSubject {
  if (isAlternativeName(checkClientName(client)))
    throw unfit('client', client, `${server} knows clients by their whole subject alone: CN=alice,O=Acme.`);
  const subject = parseName(client);
  if (subject.rdns.some(({ length }) => length > 1))
    throw unfit('client', client, 'Name it by a subject without a plus sign between its parts.');
  const text = formatName(subject).replaceAll(/(^|[^\\],)(STREET|TITLE)=/g, inLowerCase);
  if (/(?:^|[^\\],)\d+(?:\.\d+)+=/.test(text))
    throw unfit('client', client, 'Name it by a subject whose parts have names, and no numbers.');
  return { subject, text, ascii: text.replaceAll(/[^ -~]/gu, escapedOctets) };
}

/** A regular expression that matches this text and no other, in any syntax: what is special somewhere is written in hexadecimal. */
export function exactly(text: string): string {
  const literal = text.replaceAll(/[^A-Za-z0-9 =,:@_-]/gu, (character) =>
    [...Buffer.from(character)].map((octet) => `\\x${hex(octet)}`).join(''),
  );
  return `^${literal}$`;
}

function inLowerCase(_all: string, before: string, type: string): string {
  return `${before}${type.toLowerCase()}=`;
}

function escapedOctets(character: string): string {
  return [...Buffer.from(character)].map((octet) => `\\${hex(octet)}`).join('');
}

function hex(octet: number): string {
  return octet.toString(16).padStart(2, '0').toUpperCase();
}
