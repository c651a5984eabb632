import type { GeneralName } from '../x509/general-name.js';
import { formatIpAddress } from '../x509/ip-address.js';

/** What is wrong with a name as RFC 5280 §4.2.1.6 wants it written, or null. */
export function nameFault(name: GeneralName): string | null {
  switch (name.type) {
    case 'dNSName':
      return isHost(name.value.startsWith('*.') ? name.value.slice(2) : name.value)
        ? null
        : `"${name.value}" is no DNS name in preferred syntax`;
    case 'rfc822Name':
      return isMailbox(name.value) ? null : `"${name.value}" is no mailbox`;
    case 'uniformResourceIdentifier':
      return isAbsoluteUri(name.value) ? null : `"${name.value}" is no absolute URI`;
    case 'iPAddress':
      return name.octets.length === 4 || name.octets.length === 16
        ? null
        : `an IP address of ${name.octets.length} octets`;
    case 'directoryName':
      return name.name.rdns.length > 0 ? null : 'an empty directoryName';
    case 'registeredID':
    case 'otherName':
    case 'x400Address':
    case 'ediPartyName':
      return null;
  }
}

/** What is wrong with the base of a name constraint as RFC 5280 §4.2.1.10 wants it written, or null. A dNSName is a
 *  plain domain: unlike with mail and URIs a period in front is no syntax of its own, and an asterisk never is.
 *  @param periodAllowed lets the period pass that many CAs put there nevertheless */
export function constraintFault(base: GeneralName, periodAllowed: boolean): string | null {
  switch (base.type) {
    case 'dNSName':
      return domainFault(base.value, periodAllowed);
    case 'rfc822Name':
      return isMailConstraint(base.value) ? null : `the constraint "${base.value}" is no mailbox and no host`;
    case 'uniformResourceIdentifier':
      return isDomain(base.value) ? null : `the constraint "${base.value}" is no host`;
    case 'iPAddress':
      return isRange(base.octets)
        ? null
        : `the constraint ${formatIpAddress(base.octets)} is no address with a mask (RFC 4632)`;
    case 'directoryName':
    case 'registeredID':
    case 'otherName':
    case 'x400Address':
    case 'ediPartyName':
      return null;
  }
}

function domainFault(domain: string, periodAllowed: boolean): string | null {
  if (!isDomain(domain)) return `the constraint "${domain}" is no domain`;
  return domain.startsWith('.') && !periodAllowed
    ? `the dNSName constraint "${domain}" begins with a period; without it, it covers subdomains as well`
    : null;
}

/** Whether this is a host in preferred name syntax: RFC 1034 §3.5 as RFC 1123 §2.1 has it; no wildcard. */
export function isHost(text: string): boolean {
  return text.length > 0 && text.length <= MAX_HOST && HOST.test(text);
}

/** The host of a URI's authority, or null where it has none, or an IP address (RFC 3986 §3.2). */
export function hostOfUri(uri: string): string | null {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1];
  if (authority === undefined) return null;
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  return isHost(host) && !/^[\d.]+$/.test(host) ? host : null;
}

/** Mailbox of RFC 5321 §4.1.2: a dot-atom or a quoted string, "@", a host or an address in brackets. */
function isMailbox(text: string): boolean {
  const at = text.lastIndexOf('@');
  const [local, host] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || local.length > MAX_LOCAL_PART) return false;
  return (LOCAL_PART.test(local) || QUOTED.test(local)) && (isHost(host) || ADDRESS_LITERAL.test(host));
}

/** A scheme and what belongs to it, RFC 3986 §4.3; http, https and ftp go on with the host (RFC 9110 §4.2). */
function isAbsoluteUri(text: string): boolean {
  return (
    ABSOLUTE_URI.test(text) && !RELATIVE_PART.test(text) && (!NEEDS_HOST.test(text) || HOST_URI.test(text))
  );
}

/** A domain, perhaps with a period before it, perhaps empty: that is every domain. */
function isDomain(text: string): boolean {
  return text === '' || isHost(text.startsWith('.') ? text.slice(1) : text);
}

function isMailConstraint(text: string): boolean {
  return text.includes('@') ? isMailbox(text) : isDomain(text);
}

/** An address and a mask of ones followed by zeros, 8 octets or 32. */
function isRange(octets: Uint8Array): boolean {
  if (octets.length !== 8 && octets.length !== 32) return false;
  const mask = [...octets.subarray(octets.length / 2)].map((octet) => octet.toString(2).padStart(8, '0'));
  return /^1*0*$/.test(mask.join(''));
}

const MAX_HOST = 253;
const MAX_LOCAL_PART = 64;
const HOST = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;
const LOCAL_PART = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const QUOTED = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"$/;
const ADDRESS_LITERAL = /^\[[0-9a-z.:-]+\]$/i;
const RELATIVE_PART = /^[^:]*:\.\.?(\/|$)/;
const NEEDS_HOST = /^(https?|ftp):/i;
const HOST_URI = /^[a-z]+:\/\/[^/?#]/i;
const ABSOLUTE_URI = /^[a-z][a-z0-9+.-]*:[\x21-\x7e]+$/i;
