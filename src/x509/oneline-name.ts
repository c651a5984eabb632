import { formatName, makeName, type Name } from './name.js';
import { OID } from './oid.js';

/** A name as OpenSSL 3 writes it in one line, `/C=DE/O=Acme/CN=alice+UID=7`: octets outside of printable ASCII as `\xC3`,
 *  slashes and pluses behind a backslash. */
export function formatOnelineName({ rdns }: Name): string {
  return rdns
    .map((rdn) =>
      rdn.map(({ type, value }) => `${KEYWORDS.get(type) ?? type}=${escapedOctets(value)}`).join('+'),
    )
    .map((rdn) => `/${rdn}`)
    .join('');
}

/** Reads such a line, or gives null where it is none. OpenSSL before 3 wrote slashes of a value as they are: they part
 *  attributes only where a type that we know follows. */
export function readOnelineName(text: string): Name | null {
  const parts = text.split(ATTRIBUTE);
  if (parts.length < 4 || parts[0] !== '' || parts[1] !== '/') return null;
  const rdns: Array<Array<{ type: string; value: string }>> = [];
  for (let at = 1; at < parts.length; at += 3) {
    const [separator, keyword = '', value = ''] = parts.slice(at, at + 3);
    const attribute = { type: TYPES.get(keyword.toLowerCase()) ?? keyword, value: unescapedOctets(value) };
    if (separator === '+') rdns.at(-1)!.push(attribute);
    else rdns.push([attribute]);
  }
  try {
    return makeName(rdns);
  } catch {
    return null;
  }
}

/** The same as RFC 4514 writes it, or as it stood where it cannot be read. */
export function onelineToRfc4514(text: string): string {
  const name = readOnelineName(text);
  return name === null ? text : formatName(name);
}

function escapedOctets(value: string): string {
  return [...Buffer.from(value, 'utf8')]
    .map((octet) =>
      octet >= 0x20 && octet <= 0x7e
        ? String.fromCharCode(octet).replace(/[/+]/, '\\$&')
        : `\\x${octet.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

function unescapedOctets(text: string): string {
  const octets = text
    .replace(/\\([/+])/g, '$1')
    .replace(/\\x([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1').toString('utf8');
}

/** OpenSSL's short names. */
const SHORT_NAMES: ReadonlyArray<readonly [string, string]> = [
  ['CN', OID.commonName],
  ['SN', OID.surname],
  ['serialNumber', OID.serialNumber],
  ['C', OID.countryName],
  ['L', OID.localityName],
  ['ST', OID.stateOrProvinceName],
  ['street', OID.streetAddress],
  ['O', OID.organizationName],
  ['OU', OID.organizationalUnitName],
  ['title', OID.title],
  ['name', OID.name],
  ['GN', OID.givenName],
  ['initials', OID.initials],
  ['generationQualifier', OID.generationQualifier],
  ['dnQualifier', OID.dnQualifier],
  ['pseudonym', OID.pseudonym],
  ['organizationIdentifier', OID.organizationIdentifier],
  ['DC', OID.domainComponent],
  ['UID', OID.userId],
  ['emailAddress', OID.emailAddress],
];
const KEYWORDS: ReadonlyMap<string, string> = new Map(SHORT_NAMES.map(([keyword, type]) => [type, keyword]));
const TYPES: ReadonlyMap<string, string> = new Map(
  SHORT_NAMES.map(([keyword, type]) => [keyword.toLowerCase(), type]),
);
const ATTRIBUTE = new RegExp(
  `(?<!\\\\)([/+])(${SHORT_NAMES.map(([keyword]) => keyword).join('|')}|\\d+(?:\\.\\d+)+)=`,
);
