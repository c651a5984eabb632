import { domainToASCII } from 'node:url';
import { sameBytes } from '../x509/der.js';
import type { GeneralName } from '../x509/general-name.js';
import { parseIpAddress } from '../x509/ip-address.js';
import { isHost } from './name-syntax.js';
import type { ReferenceName } from './verify-options.js';

/** Whether one of the certificate's names is the name asked for, RFC 9525 §6. The subject's commonName never counts.
 *  @param presented the subjectAltName; empty where there is none */
export function matchesName(reference: ReferenceName, presented: readonly GeneralName[]): boolean {
  switch (reference.type) {
    case 'dns':
      return matchesHost(reference.value, presented);
    case 'ip':
      return matchesAddress(reference.value, presented);
    case 'email':
      return presented.some((name) => name.type === 'rfc822Name' && sameMailbox(name.value, reference.value));
    case 'uri':
      return presented.some(
        (name) => name.type === 'uniformResourceIdentifier' && name.value === reference.value,
      );
  }
}

/** Whether a host is what a dNSName says: whole labels, no case, IDNs as A-labels; `*` stands for exactly one label,
 *  the left-most, and never for all of the name (RFC 9525 §6.3). */
export function matchesDnsName(host: string, pattern: string): boolean {
  const wanted = host.toLowerCase();
  const given = pattern.toLowerCase();
  if (!given.includes('*')) return wanted === given;
  const dot = wanted.indexOf('.');
  return given.startsWith('*.') && dot > 0 && isHost(given.slice(2)) && wanted.slice(dot) === given.slice(1);
}

/** The host in A-labels and lower case, or null where it is none. A period at the end says only that it is absolute. */
export function toHost(text: string): string | null {
  const ascii = domainToASCII(text.replace(/\.$/, ''));
  return isHost(ascii) && parseIpAddress(ascii) === null ? ascii.toLowerCase() : null;
}

/** Mailboxes are the same where the local parts are, to the letter, and the hosts in any case (RFC 5280 §7.5). */
export function sameMailbox(a: string, b: string): boolean {
  const [at, other] = [a.lastIndexOf('@'), b.lastIndexOf('@')];
  if (at < 0 || other < 0 || a.slice(0, at) !== b.slice(0, other)) return false;
  return a.slice(at).toLowerCase() === b.slice(other).toLowerCase();
}

function matchesHost(value: string, presented: readonly GeneralName[]): boolean {
  const host = toHost(value);
  return (
    host !== null && presented.some((name) => name.type === 'dNSName' && matchesDnsName(host, name.value))
  );
}

function matchesAddress(value: string, presented: readonly GeneralName[]): boolean {
  const octets = parseIpAddress(value);
  return (
    octets !== null && presented.some((name) => name.type === 'iPAddress' && sameBytes(name.octets, octets))
  );
}
